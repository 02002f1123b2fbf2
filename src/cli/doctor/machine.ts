import {statfsSync} from 'node:fs';
import {isIP} from 'node:net';
import {connect} from 'node:tls';
import type {Config} from '../../config/schema.ts';
import {makeFolder} from '../../disk/folder.ts';
import {errorText} from '../../domain/text.ts';
import {relativeTime, rfc3339} from '../../domain/time.ts';
import {certificatesOf} from '../../platform/certificates.ts';
import {proxiesOf, proxyFor} from '../../platform/proxy.ts';
import {VERSION} from '../../version.ts';
import {type CheckResult, failed, ok, skipped, warning} from './check.ts';

const OLDEST_NODE = 26;
const MIB = 1024 * 1024;
/** A mirror of a large repository takes about this much. */
const LEAST_FREE = 200 * MIB;
/** Certificates that end within this time are told. Milliseconds. */
const SOON = 30 * 24 * 3_600_000;

export const checkVersion = (nodeVersion: string): CheckResult => {
  const text = `Rollcall ${VERSION}, Node ${nodeVersion}`;
  return Number(nodeVersion.split('.')[0]) >= OLDEST_NODE
    ? ok('version', text)
    : failed('version', text, `install Node ${OLDEST_NODE} or newer`);
};

/** Whether there is room where the mirror of the repository is kept. */
export const checkDisk = ({source: {git}}: Config): CheckResult => {
  const folder = git?.cacheDirectory;
  if (folder === undefined) return skipped('disk', 'a plain folder needs no room of its own');
  try {
    makeFolder(folder, 0o700);
    const {bavail, bsize} = statfsSync(folder);
    const free = Math.floor((bavail * bsize) / MIB);
    const text = `${free} MiB free at ${folder}, where the mirror is kept`;
    return bavail * bsize >= LEAST_FREE
      ? ok('disk', text)
      : failed('disk', text, 'make room, or choose another folder with source.git.cacheDirectory');
  } catch (error) {
    const remedy = 'choose another folder with source.git.cacheDirectory, or XDG_CACHE_HOME';
    return failed('disk', `the mirror cannot be kept at ${folder}: ${errorText(error)}`, remedy);
  }
};

/** Which proxy the platform is reached through. */
export const checkProxy = (url: string, env: NodeJS.ProcessEnv): CheckResult => {
  try {
    const name = proxyFor(url, proxiesOf(env));
    return ok(
      'proxy',
      name === undefined ? `${url} is reached directly` : `${url} is reached through ${name}`,
    );
  } catch (error) {
    return failed('proxy', errorText(error), 'mend the variable, or unset it');
  }
};

const certificateState = (check: string, what: string, ends: number, now: number): CheckResult => {
  const text = `${what} ends ${relativeTime(ends, now)}, at ${rfc3339(ends)}`;
  if (ends <= now) return failed(check, text, 'replace it');
  return ends - now < SOON ? warning(check, text, 'replace it in time') : ok(check, text);
};

/** When the certificates of a file end; the first of them to end is told. */
export const checkAuthorities = (key: string, file: string | undefined, now: number): CheckResult[] => {
  if (file === undefined) return [];
  try {
    const ends = certificatesOf(file).map(({validTo}) => Date.parse(validTo));
    const first = ends.reduce((earliest, end) => Math.min(earliest, end));
    return [certificateState('certificates', `${key}: the first of ${ends.length} in ${file}`, first, now)];
  } catch (error) {
    return [failed('certificates', `${key}: ${errorText(error)}`, 'name a file of certificates in PEM')];
  }
};

const HANDSHAKE_TIMEOUT = 10_000;

const peerEnd = (hostname: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const host = hostname.replace(/^\[|\]$/g, '');
    const name = isIP(host) === 0 ? {servername: host} : {};
    const socket = connect({host, port, ...name, rejectUnauthorized: false}, () => {
      resolve(Date.parse(socket.getPeerCertificate().valid_to));
      socket.end();
    });
    socket.setTimeout(HANDSHAKE_TIMEOUT, () => socket.destroy(new Error('no answer in time')));
    socket.once('error', reject);
  });

/** When the platform's own certificate ends, where it can be asked directly. */
export const checkPeer = async (url: string, env: NodeJS.ProcessEnv, now: number): Promise<CheckResult> => {
  const {hostname, port, protocol} = new URL(url);
  if (protocol !== 'https:') return skipped('certificates', `${url} needs none`);
  if (proxyFor(url, proxiesOf(env)) !== undefined)
    return skipped('certificates', `${url} is behind a proxy: its certificate is not looked at`);
  try {
    const ends = await peerEnd(hostname, Number(port) || 443);
    return certificateState('certificates', `the certificate of ${url}`, ends, now);
  } catch (error) {
    return failed(
      'certificates',
      `${url} shows no certificate: ${errorText(error)}`,
      'check platform.baseUrl',
    );
  }
};
