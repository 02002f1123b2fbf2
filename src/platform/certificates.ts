import {X509Certificate} from 'node:crypto';
import {readFileSync, statSync} from 'node:fs';
import {getCACertificates} from 'node:tls';
import {errorText} from '../domain/text.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** What is another once the file has changed; undefined where it is not there. */
export const versionOf = (caFile: string): string | undefined => {
  const found = statSync(caFile, {throwIfNoEntry: false});
  return found && `${found.mtimeMs} ${found.size}`;
};

/** The certificates of a file in PEM. Throws, naming it, where it cannot be read or holds none that is whole. */
export const certificatesOf = (caFile: string): X509Certificate[] => {
  try {
    const found = readFileSync(caFile, 'latin1').match(CERTIFICATE) ?? [];
    if (found.length === 0) throw new Error('it holds no certificate in PEM');
    return found.map(pem => new X509Certificate(pem));
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new Error(`the certificates of ${caFile}: ${missing ? 'there is no such file' : errorText(error)}`);
  }
};

/** The certificates to trust, where a file adds some; with what tells whether the file has changed. */
export const readAuthorities = (caFile: string): {version: string | undefined; ca: string[]} => {
  const version = versionOf(caFile);
  const added = certificatesOf(caFile).map(certificate => certificate.toString());
  return {version, ca: [...getCACertificates('default'), ...added]};
};
