import {createHash} from 'node:crypto';
import {isRecord} from '../../domain/json.ts';
import {toJson} from '../../domain/text.ts';
import {type PlanDocument, planSchema} from './document.ts';

const checksumOf = (document: object): string =>
  `sha256:${createHash('sha256').update(JSON.stringify(document)).digest('hex')}`;

/** Seals a plan with its checksum. */
export const seal = (document: Omit<PlanDocument, 'checksum'>): PlanDocument => ({
  ...document,
  checksum: checksumOf(document),
});

/** The largest plan that is read, in bytes: one of a hundred thousand campaigns has a quarter of it. */
export const LARGEST_PLAN = 256 * 1024 * 1024;

/** A plan as one JSON document: what `--format json` prints and `--out` saves. */
export const planJson = (plan: PlanDocument): string => `${toJson(plan, 2)}\n`;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** True for the text of a plan, of whatever version and state. */
export const isPlanFile = (text: string): boolean => {
  const value = parseJson(text);
  return isRecord(value) && value['kind'] === 'Plan';
};

const wasChanged = ({checksum, ...rest}: Record<string, unknown>): boolean => checksumOf(rest) !== checksum;

/**
 * Reads a saved plan. One that was cut off, changed by hand, or written by a Rollcall that says it otherwise is
 * refused, with the reason. The checksum finds accidents and edits; it is no signature: whoever applies a plan
 * holds it against Git and the platform as well.
 */
export const readPlan = (text: string): {plan: PlanDocument} | {refusal: string} => {
  const value = parseJson(text);
  if (!isRecord(value) || value['kind'] !== 'Plan')
    return {refusal: 'it is not whole: it was cut off, or it is no plan'};
  if (wasChanged(value)) return {refusal: 'it was changed after it was saved'};
  const {data, error} = planSchema.safeParse(value);
  if (data) return {plan: data as PlanDocument};
  const [issue] = error.issues;
  return {refusal: `it is no plan of this version of Rollcall (${issue?.path.join('.')}: ${issue?.message})`};
};
