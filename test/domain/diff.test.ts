import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {diff} from '../../src/domain/diff.ts';
import {seen} from '../support/findings.ts';
import {claim} from '../support/fixtures.ts';

const ID = fc.constantFrom('a', 'b', 'c', 'd');
const IDS = fc.uniqueArray(ID);

describe('a join of what is declared and what is live', () => {
  it('has each campaign once that either side knows, with what each says of it', () => {
    fc.assert(
      fc.property(IDS, IDS, (declared, live) => {
        const claims = new Map(declared.map(id => [id, claim({campaignId: id})]));
        const observations = new Map(live.map(id => [id, seen(id, 'active')]));
        const expected = [...new Set([...declared, ...live])].map(id => [
          id,
          claims.get(id),
          observations.get(id),
        ]);
        const found = diff(claims, observations).map(pair => [pair.campaignId, pair.claim, pair.observation]);
        expect(found).toEqual(expected);
      }),
    );
  });
});
