import {join} from 'node:path';
import {quoted} from './quoted.ts';

/** Whose signatures are taken, and of which commits. */
export interface VerifyOptions {
  /** As `ssh-keygen` has it: who may sign with which SSH key. */
  readonly allowedSignersFile?: string | undefined;
  /** OpenPGP keys, as `gpg --export` writes them. */
  readonly gpgKeyringFile?: string | undefined;
  /** `head`: the commit that comes into force; `all`: every commit since the last one that was taken. */
  readonly commits: 'head' | 'all';
}

/** Where OpenPGP keys are put for Git: these, and none of the user's. */
export const keyringHome = (home: string): string => join(home, 'gnupg');

/** What Git is told, besides its other configuration, of whose signatures are taken. */
export const verifyConfig = ({allowedSignersFile = '/dev/null'}: VerifyOptions): readonly string[] => [
  '[gpg "ssh"]',
  `\tallowedSignersFile = ${quoted(allowedSignersFile)}`,
];
