import {expect, it, vi} from 'vitest';

const onMachine = (): number => Number(process.hrtime.bigint()) / 1e6;

it('the clock of a process is the machine’s, however slowly it started: processes that share a rate count by the same one', async () => {
  const slowStart = vi.spyOn(performance, 'now').mockReturnValueOnce(performance.now() + 150);
  vi.resetModules();
  const {systemClock} = await import('../../src/system.ts');
  slowStart.mockRestore();
  const before = onMachine();
  const ticks = systemClock.ticks();
  expect(ticks).toBeGreaterThanOrEqual(before);
  expect(ticks).toBeLessThanOrEqual(onMachine());
});
