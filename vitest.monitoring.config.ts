import {defineConfig} from 'vitest/config';

/** What needs `prometheus`, `promtool`, `alertmanager` and `amtool`: `npm run test:monitoring`. */
export default defineConfig({
  test: {
    include: ['test/monitoring/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 60_000,
  },
});
