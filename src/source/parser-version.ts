import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** The parts of the program that decide what a file comes to. */
const DECIDING = ['../document', '../domain', '.', '../../package.json'];

const digestInto = (hash: ReturnType<typeof createHash>, path: string): void => {
  if (path.endsWith('.json')) return void hash.update(readFileSync(path));
  for (const name of readdirSync(path).toSorted())
    if (/\.[jt]s$/.test(name)) hash.update(`${name}\n`).update(readFileSync(join(path, name)));
};

let version: string | undefined;

/** Names the parser and the schema by what they are made of: another one trusts nothing that this one kept. */
export const parserVersion = (): string => {
  if (version !== undefined) return version;
  const hash = createHash('sha256').update(process.version);
  for (const part of DECIDING) digestInto(hash, fileURLToPath(new URL(part, import.meta.url)));
  version = hash.digest('hex').slice(0, 32);
  return version;
};
