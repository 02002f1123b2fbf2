export const PANELS: Readonly<Record<string, {readonly dashboard: string; readonly id: number}>> = new Proxy(
  {},
  {get: () => ({dashboard: 'rollcall-fleet', id: 1})},
);
