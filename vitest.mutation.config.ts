import {defineConfig} from 'vitest/config';

// What mutants are run against: tests of the core that wait for nothing, and twenty seeds of the soak.
export default defineConfig({
  test: {
    include: [
      'test/{domain,controller,platform}/**/*.test.ts',
      'test/source/{calendars,declarations,freezes}.test.ts',
      'test/soak/**/*.test.ts',
    ],
    // They take seconds each, and say in the large what the others say in the small.
    exclude: [
      'test/controller/{timetables,fortnight,listing,work}.test.ts',
      'test/domain/{identifier,naming}.test.ts',
    ],
    testTimeout: 30_000,
  },
});
