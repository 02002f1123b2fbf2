/** What a real API server says of the chart's objects. Needs `helm`, `kubectl` and a cluster (KUBECONFIG). */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {eventually} from '../support/wait.ts';
import {CHART, must, PERMUTATIONS, run, valuesOf} from './tools.ts';

const NAMESPACE = 'rollcall-dry-run';
/** Kinds of operators that a bare cluster does not have. */
const FOREIGN = /^kind: (?:ServiceMonitor|PrometheusRule|HTTPRoute)$/m;

beforeAll(async () => {
  must('kubectl', ['create', 'namespace', NAMESPACE]);
  const account = ['get', 'serviceaccount', 'default', '-n', NAMESPACE];
  await eventually(() => run('kubectl', account).code === 0, 60_000);
  const labels = ['enforce', 'warn'].map(mode => `pod-security.kubernetes.io/${mode}=restricted`);
  must('kubectl', ['label', 'namespace', NAMESPACE, ...labels]);
});

afterAll(() => {
  run('kubectl', ['delete', 'namespace', NAMESPACE, '--wait=false']);
});

describe('an API server whose namespace takes only restricted pods', () => {
  it.each(PERMUTATIONS)('takes the values %s without a warning', name => {
    const rendered = must('helm', ['template', 'calls', CHART, '-n', NAMESPACE, '-f', valuesOf(name)]);
    const {code, stderr} = run(
      'kubectl',
      ['apply', '-n', NAMESPACE, '--dry-run=server', '-f', '-'],
      rendered
        .split(/^---$/m)
        .filter(object => !FOREIGN.test(object))
        .join('---\n'),
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});
