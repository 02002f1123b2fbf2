import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {Ordered} from '../../src/controller/store/ordered.ts';

const key = fc.string({minLength: 1, maxLength: 3, unit: fc.constantFrom('a', 'b', 'c')});
const step = fc.oneof(
  fc.record({kind: fc.constantFrom('add', 'drop', 'after', 'before'), key}),
  fc.record({kind: fc.constant('many' as const), key, number: fc.integer({min: 1, max: 1_200})}),
);

describe('keys in order', () => {
  it.each(['after', 'before'] as const)('are told once each, %s a key, while others come and go', way => {
    fc.assert(
      fc.property(fc.array(key, {maxLength: 400}), fc.integer({min: 1, max: 5_000}), (keys, stride) => {
        const stays = Array.from({length: 3_000}, (_, i) => `s${i}`);
        const there = new Set(stays);
        const ordered = new Ordered(one => there.has(one));
        for (const one of stays) ordered.add(one);
        const come = keys.flatMap((one, i) => [`s${(i * stride) % 3_000}${one}`, `${one}${i}`]);
        const told: string[] = [];
        for (const one of way === 'after' ? ordered.after('') : ordered.before(undefined)) {
          told.push(one);
          const next = come.pop();
          if (next === undefined) continue;
          there.add(next);
          ordered.add(next);
        }
        const sorted = told.toSorted();
        expect(told).toEqual(way === 'after' ? sorted : sorted.toReversed());
        expect(new Set(told).size).toBe(told.length);
        expect(new Set(stays).difference(new Set(told)).size).toBe(0);
      }),
      {numRuns: 30},
    );
  });
  it('are those that are there, each once, after a key and before it, whatever came and went', () => {
    fc.assert(
      fc.property(fc.array(step, {maxLength: 60}), steps => {
        const there = new Set<string>();
        const ordered = new Ordered(one => there.has(one));
        const add = (one: string): void => {
          there.add(one);
          ordered.add(one);
        };
        for (const one of steps) {
          if (one.kind === 'add') add(one.key);
          else if (one.kind === 'drop') there.delete(one.key);
          else if (one.kind === 'many')
            for (let i = 0; i < one.number; i++) add(`${one.key}${(i * 7919) % 1_000}`);
          const sorted = [...there].toSorted();
          if (one.kind === 'after')
            expect([...ordered.after(one.key)]).toEqual(sorted.filter(other => other > one.key));
          if (one.kind === 'before')
            expect([...ordered.before(one.key)]).toEqual(
              sorted.filter(other => other < one.key).toReversed(),
            );
        }
        expect([...ordered.after('')]).toEqual([...there].toSorted());
        expect([...ordered.before(undefined)]).toEqual([...there].toSorted().toReversed());
      }),
    );
  });
});
