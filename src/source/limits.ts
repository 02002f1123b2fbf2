import {counted} from '../domain/text.ts';

/** The most declaration files of one source. */
const MAX_FILES = 500_000;
/** The most bytes that they may have together. */
export const MAX_TOTAL_BYTES = 1024 ** 3;

/** A source that holds more than anybody declares: nothing of it is taken into force. */
export class SourceTooLarge extends Error {}

/** Throws `SourceTooLarge` for more files than are read. */
export const assertFileCount = (files: number): void => {
  if (files > MAX_FILES)
    throw new SourceTooLarge(
      `the source has ${counted(files, 'declaration file')}, and at most ${MAX_FILES} are read: part it by source.git.path`,
    );
};

/** Throws `SourceTooLarge` for more bytes than are read. */
export const assertTotalBytes = (bytes: number): void => {
  if (bytes > MAX_TOTAL_BYTES)
    throw new SourceTooLarge(
      `the declaration files of the source have ${bytes} bytes together, and at most ${MAX_TOTAL_BYTES} are read`,
    );
};
