#!/usr/bin/env node
// Plain JavaScript that the oldest Node can run: it finds the Node that Rollcall needs.
import {spawn} from 'node:child_process';
import {existsSync, realpathSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const OLDEST = 26;
const home = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));

/** The Node that `npm ci` has put beside Rollcall, where this one is too old. */
const newerNode = () => {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = join(home, 'node_modules', 'node', 'bin', name);
  return existsSync(path) ? path : undefined;
};

const runWith = node => {
  const child = spawn(node, [join(home, 'bin', 'rollcall.js'), ...process.argv.slice(2)], {stdio: 'inherit'});
  // A terminal sends Ctrl-C to both: passed on, it would be the second signal, which ends the child at once.
  const passed = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGTERM', 'SIGHUP', 'SIGINT'];
  for (const signal of passed) process.on(signal, () => child.kill(signal));
  if (process.stdin.isTTY) process.on('SIGINT', () => {});
  child.on('error', error => {
    console.error(`rollcall: ${node} cannot be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGKILL' ? 137 : 1);
  });
};

const runHere = async () => {
  const compiled = join(home, 'dist', 'main.js');
  try {
    await import(existsSync(compiled) ? compiled : join(home, 'src', 'main.ts'));
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error('rollcall: its libraries are not installed: run `npm ci` in its checkout');
    process.exitCode = 1;
  }
};

if (Number(process.versions.node.split('.')[0]) >= OLDEST) await runHere();
else {
  const node = newerNode();
  if (node) runWith(node);
  else {
    console.error(
      `rollcall: Node ${OLDEST} or newer is needed, this is ${process.versions.node}.\n` +
        `Run \`npm ci\` in ${home}, which brings its own, or install a newer Node.`,
    );
    process.exitCode = 1;
  }
}
