import {errorText} from '../domain/text.ts';
import {ProxyInvalid} from '../platform/proxy.ts';
import {FolderUnreadable} from '../source/files.ts';
import {RevisionNotFound} from '../source/git/checkout.ts';
import {gitTrouble, isSystemError} from '../source/git/trouble.ts';

/** What keeps declarations from being read, in words for whoever asked. */
export class NotReadable extends Error {}

/** Says why declarations could not be read, as whoever runs a command needs it. */
export const explainUnreadable = (error: unknown): string =>
  error instanceof NotReadable ||
  error instanceof RevisionNotFound ||
  error instanceof ProxyInvalid ||
  error instanceof FolderUnreadable
    ? error.message
    : isSystemError(error)
      ? errorText(error)
      : gitTrouble(error).message;
