import {expect, it} from 'vitest';
import type {Report} from '../../src/domain/report.ts';
import {ownReport} from '../../src/http/report.ts';

const reportOf = (problems: number): Report => ({
  revision: 'r1',
  source: {author: undefined, subject: undefined, committedAt: undefined, readAt: undefined},
  observedAt: 0,
  leader: true,
  conditions: [],
  summary: {},
  diagnostics: Array.from({length: problems}, (_, i) => ({
    code: 'unknown-workspace',
    message: 'workspace "colections" is not in the configuration',
    file: `${i}.yaml`,
    line: 1,
    column: 1,
  })),
});

it('a report tells a bounded number of problems, and how many more there are', () => {
  const many = ownReport({report: () => reportOf(100_000)});
  expect([many.diagnostics.length, many]).toEqual([
    1_000,
    expect.objectContaining({diagnosticsOmitted: 99_000}),
  ]);
  expect(ownReport({report: () => reportOf(3)})).not.toHaveProperty('diagnosticsOmitted');
});
