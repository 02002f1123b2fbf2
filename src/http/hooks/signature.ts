import {createHmac, timingSafeEqual} from 'node:crypto';
import {Webhook} from 'standardwebhooks';

/** The headers of a delivery, by their names in lower case. */
export type HeadersOf = (name: string) => string | undefined;

const isSame = (given: string, expected: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
};

const hmac = (secret: string, body: Uint8Array): string =>
  createHmac('sha256', secret).update(body).digest('hex');

const byHmac =
  (prefix = '') =>
  (given: string, secret: string, body: Uint8Array): boolean =>
    isSame(given.toLowerCase(), `${prefix}${hmac(secret, body)}`);

/** GitLab sends the secret itself: digests are compared, so that not even its length shows in the time. */
const byToken = (given: string, secret: string): boolean =>
  isSame(hmac(secret, Buffer.from(given)), hmac(secret, Buffer.from(secret)));

/** How each host signs: the header, and how it is checked. */
const SIGNATURES: readonly {
  readonly header: string;
  readonly isRight: (given: string, secret: string, body: Uint8Array) => boolean;
}[] = [
  {header: 'x-hub-signature-256', isRight: byHmac('sha256=')},
  {header: 'x-forgejo-signature', isRight: byHmac()},
  {header: 'x-gitea-signature', isRight: byHmac()},
  {header: 'x-hub-signature', isRight: byHmac('sha256=')},
  {header: 'x-gitlab-token', isRight: byToken},
];

const STANDARD = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

const isStandard = (headersOf: HeadersOf, secret: string, body: Uint8Array): boolean => {
  const headers = Object.fromEntries(STANDARD.map(name => [name, headersOf(name) ?? '']));
  try {
    new Webhook(secret).verify(Buffer.from(body), headers, {jsonParse: false});
    return true;
  } catch {
    return false;
  }
};

/** Whether a delivery was signed by somebody who has the secret, over the body as it came, in the way of any host. */
export const isSigned = (headersOf: HeadersOf, secret: string, body: Uint8Array): boolean =>
  SIGNATURES.some(({header, isRight}) => {
    const given = headersOf(header);
    return given !== undefined && isRight(given, secret, body);
  }) || isStandard(headersOf, secret, body);
