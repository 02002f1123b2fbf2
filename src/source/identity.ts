import {dnsLabel} from '../document/names.ts';
import type {ParsedYaml} from '../document/parse.ts';
import type {Fragment} from '../domain/conflicts.ts';
import {idProblem} from '../domain/identifier.ts';

/** The text at a path of a value; undefined where there is none. */
export const textAt = (value: unknown, ...path: readonly string[]): string | undefined => {
  const found = path.reduce<unknown>(
    (inner, part) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, part) : undefined),
    value,
  );
  return typeof found === 'string' ? found : undefined;
};

/** Which campaign a document means, as far as its strings tell, even where the rest of it is wrong. */
export const identityOf = (yaml: ParsedYaml): Omit<Fragment, 'source'> => {
  const workspace = textAt(yaml.value, 'spec', 'workspace');
  const campaignId = textAt(yaml.value, 'spec', 'campaignId');
  const name = textAt(yaml.value, 'metadata', 'name');
  return {
    ...(isLabel(workspace) && {workspace}),
    ...(campaignId !== undefined && idProblem(campaignId) === undefined && {campaignId}),
    ...(isLabel(name) && {name}),
  };
};

const isLabel = (text: string | undefined): text is string =>
  text !== undefined && dnsLabel.safeParse(text).success;
