import {describe, expect, it} from 'vitest';
import {pathName} from '../../src/source/path-name.ts';

describe('the name of a file', () => {
  it('is never that of another one, whatever bytes both have', () => {
    const names = [
      Buffer.from('\\377.yaml'),
      Buffer.from([0xff, ...Buffer.from('.yaml')]),
      Buffer.from('\\\\377.yaml'),
      Buffer.from('\\134377.yaml'),
      Buffer.from('a.yaml'),
    ].map(bytes => pathName(bytes).file);
    expect(new Set(names).size).toBe(names.length);
  });

  it('with a backslash is shown otherwise, and a problem', () => {
    expect(pathName(Buffer.from('a\\b.yaml'))).toMatchObject({
      file: 'a\\134b.yaml',
      problem: {code: 'unshowable-name', message: expect.stringContaining('a backslash')},
    });
  });
});
