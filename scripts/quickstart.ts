/**
 * What `npm start` runs: the controller with the configuration of this repository, which reads campaigns/ at
 * HEAD. Where there is no Git, or no commit yet, it reads the folder as it stands instead.
 */
import {spawnSync} from 'node:child_process';

const {status} = spawnSync('git', ['rev-parse', '--verify', '--quiet', 'HEAD:campaigns'], {stdio: 'ignore'});
const readable = status === 0;
if (!readable)
  console.error('No Git repository with a commit here: reading the folder campaigns/ as it stands.');
process.argv.splice(2, 0, 'run', ...(readable ? [] : ['--directory', 'campaigns']));
await import('../src/main.ts');
