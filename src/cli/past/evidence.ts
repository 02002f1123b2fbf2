import {csv} from '../../domain/csv.ts';
import {evidenceOf} from '../../domain/evidence.ts';
import type {StoredRecord} from '../../domain/history.ts';
import type {Period} from '../../domain/period.ts';
import {toJson} from '../../domain/text.ts';
import {rfc3339} from '../../domain/time.ts';
import {systemClock} from '../../system.ts';
import type {EVIDENCE_FORMATS} from '../formats.ts';
import {EXIT, type ExitCode, type Io, print} from '../io.ts';
import {say} from '../say.ts';
import {type PastFlags, withPast} from './source.ts';

export interface EvidenceFlags extends PastFlags {
  readonly format: (typeof EVIDENCE_FORMATS)[number];
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
}

const COLUMNS = [
  'workspace',
  'campaignId',
  'name',
  'from',
  'to',
  'seconds',
  'status',
  'desired',
  'by',
  'changedBy',
  'action',
  'revision',
  'author',
  'committedAt',
  'observedAt',
];

const timeOr = (time: number | undefined): string | null => (time === undefined ? null : rfc3339(time));

const viewOf =
  ({campaignId, name, workspace}: StoredRecord) =>
  (period: Period) => ({
    workspace,
    campaignId,
    name,
    from: rfc3339(period.from),
    to: rfc3339(period.to),
    seconds: (period.to - period.from) / 1000,
    status: period.status,
    desired: period.desired ?? null,
    by: period.by,
    changedBy: period.changedBy ?? null,
    action: period.action ?? null,
    revision: period.revision ?? null,
    author: period.author ?? null,
    committedAt: timeOr(period.committedAt),
    observedAt: timeOr(period.observedAt),
  });

const keyOf = ({campaignId, workspace}: StoredRecord): string => `${workspace}/${campaignId}`;

/** The records of the campaign whose id is given, where one is: another may have that for its name. */
const meant = (name: string, records: readonly StoredRecord[]): readonly StoredRecord[] => {
  const exact = records.filter(record => keyOf(record) === name);
  return exact.length > 0 ? exact : records;
};

const MOST_NAMED = 5;

/** Says which campaign is meant, where it is not one. */
const unclear = (name: string, records: readonly StoredRecord[]): string | undefined => {
  const keys = [...new Set(records.map(keyOf))];
  if (keys.length === 1) return undefined;
  if (keys.length === 0)
    return `the history knows no campaign ${JSON.stringify(name)}: rollcall get shows their names and ids`;
  const more = keys.length > MOST_NAMED ? ` and ${keys.length - MOST_NAMED} more` : '';
  return `${JSON.stringify(name)} is more than one campaign; name one of them: ${keys.slice(0, MOST_NAMED).join(', ')}${more}`;
};

/** `rollcall evidence`: when one campaign had which status, by whose commit or whose hand. */
export const evidence = (name: string, flags: EvidenceFlags, io: Io): Promise<ExitCode> =>
  withPast(flags, io, async read => {
    const now = systemClock.now();
    const to = Math.min(flags.to ?? now, now);
    if (flags.from !== undefined && flags.from >= now) {
      say(io, 'rollcall: --from has not come yet: nobody knows what will be');
      return EXIT.failed;
    }
    if (flags.to !== undefined && flags.to > now) say(io, 'note: --to has not come yet: it ends now');
    const named = meant(name, await read({name}));
    const [newest] = named;
    const problem = unclear(name, named);
    if (problem !== undefined || !newest) {
      say(io, `rollcall: ${problem}`);
      return EXIT.failed;
    }
    const key = keyOf(newest);
    const records = meant(key, await read({name: key})).toReversed();
    const periods = evidenceOf(records, flags.from, to).map(viewOf(records.at(-1) ?? newest));
    if (flags.format === 'json') print(io.stdout, toJson({items: periods}, 2));
    else io.stdout.write(csv(COLUMNS, periods));
    return EXIT.ok;
  });
