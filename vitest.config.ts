import {availableParallelism} from 'node:os';
import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'test/kubernetes/**', 'test/monitoring/**'],
    // One more than there are processors: the longest files wait for Git, for a process or for a server.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    coverage: {
      provider: 'v8',
      // The other folders run in a process of their own in the end-to-end tests, where v8 does not count them.
      include: ['src/{domain,document,controller,source,platform,simulator}/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
      reportsDirectory: '.vitest/coverage',
      thresholds: {lines: 85, branches: 80},
    },
  },
});
