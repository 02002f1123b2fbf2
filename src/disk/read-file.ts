import {closeSync, constants, fstatSync, openSync} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {Socket} from 'node:net';
import {MAX_FILE_BYTES} from '../document/decode.ts';

/** Opening waits for nobody: neither for the other end of a pipe, nor for a device. */
const WITHOUT_WAITING = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** One byte more than a declaration file may have: whoever parses it refuses it. */
const MOST = MAX_FILE_BYTES + 1;

const readUpTo = async (handle: FileHandle, size: number): Promise<Uint8Array> => {
  const buffer = Buffer.allocUnsafe(Math.min(Math.max(size + 1, 4096), MOST));
  const chunks: Buffer[] = [];
  let length = 0;
  while (length < MOST) {
    const {bytesRead} = await handle
      .read(buffer, 0, Math.min(buffer.length, MOST - length), null)
      .catch((error: unknown) => {
        const waits = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
        throw waits ? new Error('it is no regular file') : error;
      });
    if (bytesRead === 0) break;
    chunks.push(Buffer.from(buffer.subarray(0, bytesRead)));
    length += bytesRead;
  }
  return Buffer.concat(chunks);
};

/**
 * The bytes of a regular file, up to one byte over what a declaration file may have. Rejects for anything else, such
 * as a pipe or a device, and never waits for one.
 *
 * @param follow whether the last part of the path may be a symbolic link
 */
export const readAtMost = async (path: string | Buffer, follow = true): Promise<Uint8Array> => {
  const handle = await open(path, WITHOUT_WAITING | (follow ? 0 : constants.O_NOFOLLOW));
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Error('it is no regular file');
    return await readUpTo(handle, stat.size);
  } finally {
    await handle.close();
  }
};

/** The same of a stream, which may end when it likes; `signal` ends the wait. */
export const readStreamAtMost = async (
  stream: NodeJS.ReadableStream,
  signal: AbortSignal,
): Promise<Uint8Array> => {
  const chunks: Buffer[] = [];
  let length = 0;
  const stop = (): void =>
    void ('destroy' in stream && (stream as Socket).destroy(new Error('told to stop')));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, {once: true});
  try {
    for await (const chunk of stream) {
      chunks.push(Buffer.from(chunk));
      length += chunks.at(-1)?.length ?? 0;
      if (length > MAX_FILE_BYTES) break;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return Buffer.concat(chunks).subarray(0, MOST);
};

/**
 * The bytes of what somebody has named on a command line: a regular file, or a pipe such as a shell's `<(...)`.
 * Rejects for anything else.
 */
export const readNamed = async (path: string, signal: AbortSignal): Promise<Uint8Array> => {
  const fd = openSync(path, WITHOUT_WAITING);
  if (!fstatSync(fd).isFIFO()) {
    closeSync(fd);
    return readAtMost(path);
  }
  const socket = new Socket({fd, readable: true, writable: false});
  try {
    return await readStreamAtMost(socket, signal);
  } finally {
    socket.destroy();
  }
};
