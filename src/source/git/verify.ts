import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {shortRevision} from '../../domain/revision.ts';
import {errorText, oneLine} from '../../domain/text.ts';
import type {RunGit} from './command.ts';
import {isAncestor} from './objects.ts';
import {keyringHome, type VerifyOptions} from './signers.ts';

/** A commit lacks a signature that is taken: nothing of it comes into force. */
export class UnverifiedCommit extends Error {}

/** The last commit that was found to be signed as it should, kept in the mirror. */
const VERIFIED = 'refs/rollcall/verified';
/** How many commits a message names. */
const MOST_NAMED = 3;

/** What Git says of a signature that is not taken. */
const FLAWS: Readonly<Record<string, string>> = {
  N: 'is not signed',
  B: 'has a signature that is not right',
  U: 'is signed by a key that allowedSignersFile does not have, or not for that time',
  E: 'is signed by a key that gpgKeyringFile does not have, or in a way that is not allowed',
  X: 'has a signature that has expired',
  Y: 'is signed by a key that has expired',
  R: 'is signed by a key that was revoked',
};

const run = promisify(execFile);

/** What a verification goes by besides the commit. */
export interface VerifyContext {
  /** A folder of the mirror's, for the keyring. */
  readonly home: string;
  /** The commit in force, which was verified; a mirror that was made anew has forgotten which it was. */
  readonly inForce: string | undefined;
  readonly signal: AbortSignal;
  /** How long one command may take. Milliseconds. */
  readonly timeout: number;
}

/** Makes the keyring anew of the file, so that a key that was taken out or revoked there is worth nothing for the next commit. */
const importKeys = async (
  {gpgKeyringFile}: VerifyOptions,
  {home, signal, timeout}: VerifyContext,
): Promise<void> => {
  const folder = keyringHome(home);
  await rm(folder, {recursive: true, force: true});
  await mkdir(folder, {mode: 0o700});
  await writeFile(join(folder, 'gpg.conf'), 'no-autostart\nbatch\ntrust-model always\n', {mode: 0o600});
  if (gpgKeyringFile === undefined) return;
  try {
    const quietly = ['--batch', '--quiet', '--no-autostart', '--homedir', folder];
    await run('gpg', [...quietly, '--import', '--', gpgKeyringFile], {signal, timeout});
  } catch (error) {
    throw new UnverifiedCommit(
      `no signature can be checked: the keys of gpgKeyringFile cannot be read: ${oneLine(errorText(error)).slice(0, 200)}`,
    );
  }
};

interface Checked {
  readonly commit: string;
  readonly result: string;
  readonly key: string;
  readonly author: string;
  readonly subject: string;
}

const FORMAT = '--format=%H%x00%G?%x00%GK%x00%an%x00%s%x00';

const checkedIn = (said: string): readonly Checked[] =>
  said
    .split('\0\n')
    .filter(line => line.trim() !== '')
    .map(line => {
      const [commit = '', result = '', key = '', author = '', subject = ''] = line.split('\0');
      return {commit, result, key, author, subject};
    });

const sentence = ({author, commit, key, result, subject}: Checked): string => {
  const by = key === '' ? '' : ` (key ${oneLine(key)})`;
  const title = oneLine(subject).slice(0, 80);
  return `commit ${shortRevision(commit)} «${title}» by ${oneLine(author)} ${FLAWS[result] ?? 'has a signature that nobody could check'}${by}`;
};

/** The commit that something names, where the mirror has it. */
const commitAt = (git: RunGit, name: string): Promise<string | undefined> =>
  git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]).then(
    answer => answer.toString('utf8').trim() || undefined,
    () => undefined,
  );

/** Beside the mirror, so that one that is made anew does not forget it. */
const keptIn = (home: string): string => join(home, 'verified');

/** The last commit that was verified, as far as it is known. */
const lastVerified = async (
  git: RunGit,
  {home, inForce}: Pick<VerifyContext, 'home'> & {readonly inForce?: string | undefined},
): Promise<string | undefined> => {
  const kept = await readFile(keptIn(home), 'utf8').catch(() => '');
  for (const name of [VERIFIED, inForce, kept.trim()]) {
    const commit = name && (await commitAt(git, name));
    if (commit) return commit;
  }
  return undefined;
};

/**
 * Has Git check the signature of a commit, and where all count of every commit since the last one that was verified. Throws `UnverifiedCommit` where one
 * is not signed by a key that is allowed. Where nothing was ever verified, `all` begins with this commit, and with what that merges.
 */
export const verifyCommit = async (
  git: RunGit,
  commit: string,
  options: VerifyOptions,
  context: VerifyContext,
): Promise<void> => {
  await importKeys(options, context);
  const last =
    options.commits === 'all'
      ? ((await lastVerified(git, context)) ?? (await commitAt(git, `${commit}^1`)))
      : undefined;
  const check = async (...which: readonly string[]): Promise<readonly Checked[]> =>
    checkedIn((await git(['log', FORMAT, ...which])).toString('utf8'));
  const since = last === undefined ? [] : await check('--end-of-options', commit, `^${last}`);
  const checked = since.some(one => one.commit === commit)
    ? since
    : [...(await check('-1', '--end-of-options', commit)), ...since];
  const bad = checked.filter(({result}) => result !== 'G');
  if (bad.length > 0) {
    const named = bad.slice(0, MOST_NAMED).map(sentence).join('; ');
    const more = bad.length - MOST_NAMED;
    throw new UnverifiedCommit(
      `${named}${more > 0 ? `; and ${more} more` : ''}: source.git.verify lets in only what is signed by keys that it knows`,
    );
  }
  await git(['update-ref', VERIFIED, commit]);
  await writeFile(keptIn(context.home), `${commit}\n`, {mode: 0o600});
};

/** How many commits are looked through for one that is signed as it should be. */
const MOST_TRIED = 100;

/**
 * The newest commit on the way of first parents to a commit, since the last one that was verified, that is signed as it should be: what a
 * process that had followed them would have in force. Undefined where there is none, or that is no commit of the branch any more.
 */
export const newestVerified = async (
  git: RunGit,
  commit: string,
  options: VerifyOptions,
  context: VerifyContext,
): Promise<string | undefined> => {
  const last = await lastVerified(git, context);
  if (last === undefined || last === commit || !(await isAncestor(git, last, commit))) return undefined;
  const ask = ['rev-list', '--first-parent', `--max-count=${MOST_TRIED}`, '--end-of-options', commit];
  const since = (await git([...ask, `^${last}`])).toString('utf8').split('\n').filter(Boolean);
  for (const one of [...since.slice(1), last]) {
    const flaw = await verifyCommit(git, one, options, context).catch((error: unknown) => error);
    if (flaw === undefined) return one;
    if (!(flaw instanceof UnverifiedCommit)) throw flaw;
  }
  return undefined;
};

/** Forgets what was verified: commits have come into force since that were not. */
export const forgetVerified = async (git: RunGit, home: string): Promise<void> => {
  if (!existsSync(keptIn(home))) return;
  await git(['update-ref', '-d', VERIFIED]);
  await rm(keptIn(home), {force: true});
};
