/**
 * Arrows point inwards: main, action -> cli -> http, source, platform, leader, observe, simulator, config -> controller -> domain.
 * `document` reads YAML for whoever has a file; it knows nothing but the domain. `disk` reads files without waiting.
 */
const LAYERS = {
  domain: ['domain'],
  document: ['document', 'domain'],
  disk: ['disk', 'document'],
  controller: ['controller', 'domain'],
  source: ['source', 'controller', 'disk', 'document', 'domain'],
  platform: ['platform', 'controller', 'disk', 'document', 'domain'],
  leader: ['leader', 'controller', 'domain'],
  history: ['history', 'controller', 'disk', 'domain'],
  notify: ['notify', 'controller', 'disk', 'domain'],
  simulator: ['simulator', 'document', 'domain'],
  observe: ['observe', 'controller', 'domain'],
  http: ['http', 'controller', 'domain'],
  config: ['config', 'disk', 'document', 'domain'],
};

const inside = folders => `^src/(?:${folders.join('|')})/`;

export default {
  forbidden: [
    ...Object.entries(LAYERS).map(([layer, allowed]) => ({
      name: `${layer}-imports-inwards-only`,
      severity: 'error',
      from: {path: inside([layer])},
      to: {path: '^src/', pathNot: inside(allowed)},
    })),
    {
      name: 'core-has-no-io',
      comment: 'The domain and the controller are pure, or get what they need passed in.',
      severity: 'error',
      from: {path: inside(['domain', 'controller'])},
      to: {pathNot: '^src/'},
    },
    {
      name: 'commands-know-no-action',
      comment: 'GitHub stands outside: only the action knows it.',
      severity: 'error',
      from: {path: '^src/(?!action/)'},
      to: {path: '^src/action/|node_modules/@octokit/'},
    },
    {
      name: 'only-tests-import-tests',
      severity: 'error',
      from: {path: '^src/'},
      to: {path: '^(?:test|bench|scripts)/'},
    },
    {name: 'no-cycles', severity: 'error', from: {}, to: {circular: true}},
    {
      name: 'nothing-unused',
      severity: 'error',
      from: {},
      module: {
        path: '^src/',
        pathNot: '^src/(?:(?:action/)?main.ts|source/parse-(?:batch-)?worker.ts|http/web/live.js)$',
        numberOfDependentsLessThan: 1,
      },
    },
  ],
  options: {
    doNotFollow: {path: 'node_modules'},
    tsPreCompilationDeps: true,
    parser: 'swc',
  },
};
