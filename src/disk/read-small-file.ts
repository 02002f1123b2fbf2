import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs';

const WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
const MIB = 1024 * 1024;
const NOT_PLAIN = 'it is no regular file';

/** The most that a configuration, a scenario or a key may have: one byte over what is parsed. */
const SMALL = MIB + 1;

const readNow = (fd: number, chunk: Buffer): number => {
  try {
    return readSync(fd, chunk, 0, chunk.length, null);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') throw new Error(NOT_PLAIN);
    throw error;
  }
};

/** Large enough for most files and the end behind them. */
const FIRST_CHUNK = 4096;

/**
 * The bytes of a regular file, up to `most` of them, without waiting for anybody. Throws what the system says, or that
 * it is no regular file: a folder, a pipe, a device.
 *
 * @param follow whether the last part of the path may be a symbolic link
 */
export const readSmallFile = (file: string | Buffer, most = SMALL, follow = true): Uint8Array => {
  const fd = openSync(file, WITHOUT_WAITING | (follow ? 0 : constants.O_NOFOLLOW));
  try {
    const stat = fstatSync(fd);
    if (stat.isDirectory()) throw Object.assign(new Error('it is a folder'), {code: 'EISDIR'});
    if (!stat.isFile()) throw new Error(NOT_PLAIN);
    const chunks: Buffer[] = [];
    for (let length = 0; length < most; ) {
      const chunk = Buffer.allocUnsafe(Math.min(Math.max(stat.size + 1, FIRST_CHUNK), MIB, most - length));
      const read = readNow(fd, chunk);
      if (read === 0) break;
      chunks.push(chunk.subarray(0, read));
      length += read;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(fd);
  }
};
