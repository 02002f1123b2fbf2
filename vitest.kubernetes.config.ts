import {defineConfig} from 'vitest/config';

/** What needs `helm`, `kubectl` and a cluster (KUBECONFIG): `npm run test:kubernetes`. */
export default defineConfig({
  test: {
    include: ['test/kubernetes/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
