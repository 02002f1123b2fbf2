import {describe, expect, it} from 'vitest';
import {commitUrl, editUrl, lineUrl, webHostOf} from '../../src/domain/web-host.ts';

describe('the page of a repository', () => {
  it.each([
    ['https://github.com/acme/campaigns.git', 'github', 'https://github.com/acme/campaigns'],
    ['git@github.com:acme/campaigns.git', 'github', 'https://github.com/acme/campaigns'],
    [
      'ssh://git@gitlab.example.com:2222/team/sub/campaigns.git',
      'gitlab',
      'https://gitlab.example.com/team/sub/campaigns',
    ],
    ['https://codeberg.org/acme/campaigns', 'gitea', 'https://codeberg.org/acme/campaigns'],
    ['https://bitbucket.org/acme/campaigns.git', 'bitbucket', 'https://bitbucket.org/acme/campaigns'],
    ['http://gitea.internal:3000/acme/campaigns/', 'gitea', 'http://gitea.internal:3000/acme/campaigns'],
  ])('follows from %s', (url, kind, page) => {
    expect(webHostOf(url, {})).toEqual({kind, url: page});
  });

  it.each([
    'https://git.example.com/acme/campaigns',
    '/srv/campaigns',
    'file:///srv/campaigns',
    './campaigns',
  ])('is not guessed for %s', url => {
    expect(webHostOf(url, {})).toBeUndefined();
  });

  it('is what the configuration says', () => {
    const options = {webUrl: 'https://code.example.com/acme/campaigns/', webKind: 'gitlab' as const};
    expect(webHostOf('git@internal:acme/x.git', options)).toEqual({
      kind: 'gitlab',
      url: 'https://code.example.com/acme/campaigns',
    });
  });
});

describe('a link into a repository', () => {
  const file = 'campaigns/a b/ü?#.yaml';
  const place = 'campaigns/a%20b/%C3%BC%3F%23.yaml';

  it.each([
    ['github', `edit/feature/x/${place}`, `blob/abc/${place}#L3`, 'commit/abc'],
    ['gitlab', `-/edit/feature/x/${place}`, `-/blob/abc/${place}#L3`, '-/commit/abc'],
    ['gitea', `_edit/feature/x/${place}`, `src/commit/abc/${place}#L3`, 'commit/abc'],
    ['bitbucket', `src/feature/x/${place}?mode=edit`, `src/abc/${place}#lines-3`, 'commits/abc'],
  ] as const)('is what %s has, whatever the file is called', (kind, edit, line, commit) => {
    const host = {kind, url: 'https://host.example/acme'};
    expect(editUrl(host, 'feature/x', file)).toBe(`https://host.example/acme/${edit}`);
    expect(lineUrl(host, 'abc', {file, line: 3})).toBe(`https://host.example/acme/${line}`);
    expect(commitUrl(host, 'abc')).toBe(`https://host.example/acme/${commit}`);
  });
});
