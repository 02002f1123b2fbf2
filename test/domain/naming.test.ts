import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {toLabel, uniqueLabel} from '../../src/domain/naming.ts';

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

describe('the name of an exported campaign', () => {
  it.each([
    ['Q1 payment reminders', 'q1-payment-reminders'],
    ['  Späte Gebühren – Ömer & Co. ', 'spate-gebuhren-omer-co'],
    ['नमस्ते', ''],
    ['../../etc/passwd', 'etc-passwd'],
    ['x'.repeat(100), 'x'.repeat(63)],
  ])('%j becomes %j', (name, label) => expect(toLabel(name)).toBe(label));

  it('is always a label that is free, whatever the name, the id and what is taken', () => {
    fc.assert(
      fc.property(
        fc.string({unit: 'binary'}),
        fc.string({unit: 'binary'}),
        fc.nat(5),
        (name, id, collisions) => {
          const taken = new Set<string>();
          for (let i = 0; i < collisions; i++) taken.add(uniqueLabel(name, id, label => taken.has(label)));
          const label = uniqueLabel(name, id, candidate => taken.has(candidate));
          return LABEL.test(label) && !taken.has(label) && taken.size === collisions;
        },
      ),
    );
  });
});
