/** What the image is made of, as far as it can be told without building it. */
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import packageJson from '../../package.json' with {type: 'json'};

const ROOT = join(import.meta.dirname, '../..');
const linesOf = (file: string): string[] =>
  readFileSync(join(ROOT, file), 'utf8')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'));

const dockerfile = linesOf('Dockerfile');

/** What the build is given: the first part of each path that is copied from outside. */
const copied = new Set(
  dockerfile
    .filter(line => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap(line => line.split(' ').slice(1, -1))
    .map(path => path.replace(/^\.\//, '').split('/')[0]),
);

it('the build is given what the image is made of, and nothing else of the folder', () => {
  const [everything, ...exceptions] = linesOf('.dockerignore');
  expect(everything).toBe('*');
  expect(new Set(exceptions.map(line => line.replace(/^!/, '')))).toEqual(copied);
  for (const path of copied) expect(existsSync(join(ROOT, path ?? '')), path).toBe(true);
});

it('the image runs as a numeric user, and hands signals on', () => {
  expect(dockerfile).toContain('USER 65532:65532');
  expect(dockerfile.find(line => line.startsWith('ENTRYPOINT'))).toMatch(/^ENTRYPOINT \["/);
});

it('the image, the chart and the package have one version', () => {
  const chart = readFileSync(join(ROOT, 'helm/rollcall/Chart.yaml'), 'utf8');
  expect(chart).toContain(`version: ${packageJson.version}\nappVersion: "${packageJson.version}"\n`);
});
