/** What each command can print, and of what there is a schema: apart from the commands, which are loaded when they run. */
export const GET_FORMATS = ['table', 'wide', 'json', 'yaml', 'name'] as const;
export const HISTORY_FORMATS = ['text', 'json', 'csv'] as const;
export const EVIDENCE_FORMATS = ['csv', 'json'] as const;

export const SCHEMA_KINDS = [
  'campaign',
  'allowance',
  'calendar',
  'freeze',
  'controller',
  'plan',
  'forecast',
  'validation',
  'apply-result',
] as const;
export type SchemaKind = (typeof SCHEMA_KINDS)[number];
