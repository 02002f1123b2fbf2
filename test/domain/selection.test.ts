import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {nameMatcher, parseLabels} from '../../src/domain/selection.ts';

const named = (name: string) => ({workspace: 'w', campaignId: '0', name});

describe('a pattern of names', () => {
  it('means what the same regular expression means', () => {
    const letters = fc.string({unit: fc.constantFrom('a', 'b', '*', '?', '.', 'ü', '😀'), maxLength: 8});
    const text = fc.string({unit: fc.constantFrom('a', 'b', '.', 'ü', '😀'), maxLength: 8});
    fc.assert(
      fc.property(letters, text, (pattern, name) => {
        fc.pre(/[*?]/.test(pattern) && !'w/0'.includes(name));
        const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        const expected = [name, '0', `w/${name}`, 'w/0'].some(one =>
          new RegExp(`^${source}$`, 'u').test(one),
        );
        expect(nameMatcher(pattern)(named(name))).toBe(expected);
      }),
      {numRuns: 2_000},
    );
  });

  it('takes no longer the more of it there is', () => {
    const pattern = `${'*?'.repeat(200)}*!`;
    expect(nameMatcher(pattern)(named('a'.repeat(250)))).toBe(false);
  });
});

describe('a selector of labels', () => {
  it('takes no longer the more blanks it has', () => {
    expect(parseLabels(`a=${' '.repeat(100_000)}=`)).toBeUndefined();
    expect(parseLabels('team = billing , !frozen')).toHaveLength(2);
  });
});
