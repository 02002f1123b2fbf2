import {execFileSync} from 'node:child_process';
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';

const dates = (at: number): Record<string, string> => {
  const date = `${Math.floor(at / 1000)} +0000`;
  return {GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date};
};

/** A real Git repository with a work tree, for a test to commit to. */
export class Repository {
  readonly path: string;
  /** The time of the commits that follow, in epoch milliseconds; the machine's where it is not set. */
  at: number | undefined;

  constructor(path: string) {
    this.path = path;
    mkdirSync(path, {recursive: true});
    this.git('init', '--quiet', '--initial-branch=main');
    this.git('config', 'user.name', 'Test');
    this.git('config', 'user.email', 'test@example.com');
    this.git('config', 'commit.gpgsign', 'false');
  }

  git(...args: string[]): string {
    return execFileSync('git', args, {
      cwd: this.path,
      encoding: 'utf8',
      env: {...process.env, ...(this.at !== undefined && dates(this.at))},
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, file)), {recursive: true});
      writeFileSync(join(this.path, file), text);
    }
  }

  remove(file: string): void {
    rmSync(join(this.path, file), {recursive: true});
  }

  /** Writes, commits everything, and returns the commit's hash. */
  commit(files: Readonly<Record<string, string>>, message = 'change'): string {
    this.write(files);
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message', message);
    return this.git('rev-parse', 'HEAD');
  }
}
