#!/usr/bin/env node
const OLDEST = 26;

if (Number(process.versions.node.split('.')[0]) < OLDEST) {
  console.error(
    `rollcall: Node ${OLDEST} or newer is needed, this is ${process.versions.node}.\n` +
      'In a checkout, run it through npm, which brings its own: npm run -s rollcall -- ARGS',
  );
  process.exit(1);
}

const {existsSync} = await import('node:fs');
const compiled = new URL('../dist/main.js', import.meta.url);
try {
  await import(existsSync(compiled) ? compiled.href : new URL('../src/main.ts', import.meta.url).href);
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  console.error('rollcall: its libraries are not installed: run `npm ci` in its checkout');
  process.exit(1);
}
