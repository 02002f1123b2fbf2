// Loads the program with all of its verbs, so that Node's compile cache holds what any of them needs.
import {readdirSync} from 'node:fs';

const cli = new URL('../dist/cli/', import.meta.url);
for (const file of readdirSync(cli, {recursive: true}).filter(name => name.endsWith('.js')))
  await import(new URL(file, cli));
