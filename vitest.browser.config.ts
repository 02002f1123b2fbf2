import {defineConfig} from 'vitest/config';

/** What needs a browser, Chromium by its usual name or by `CHROMIUM`: `npm run test:browser`. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
