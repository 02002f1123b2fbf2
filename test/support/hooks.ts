/** Pushes as each host of Git tells of them. */
import {createHmac} from 'node:crypto';
import {Webhook} from 'standardwebhooks';

/** The secret by which deliveries are signed. */
export const SECRET = `whsec_${Buffer.from('a key of more than 24 bytes, as it should be').toString('base64')}`;

const hmac = (body: string, secret = SECRET): string =>
  createHmac('sha256', secret).update(body).digest('hex');

export const push = (branch: string): string =>
  JSON.stringify({ref: `refs/heads/${branch}`, after: 'c'.repeat(40)});
const cloudPush = (branch: string): string =>
  JSON.stringify({push: {changes: [{old: {name: branch}, new: {type: 'branch', name: branch}}]}});
const dataCenterPush = (branch: string): string =>
  JSON.stringify({changes: [{ref: {displayId: branch}, refId: `refs/heads/${branch}`, type: 'UPDATE'}]});

export const standard = (body: string, secret = SECRET, at = new Date()): Record<string, string> => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': new Webhook(secret).sign('msg_1', at, body),
});

/** How each host signs a body, and what it writes of a push to a branch. */
export const HOSTS: Record<
  string,
  {sign: (body: string, secret?: string) => Record<string, string>; payload: (branch: string) => string}
> = {
  GitHub: {
    sign: (body, secret) => ({
      'x-github-event': 'push',
      'x-hub-signature': `sha1=${createHmac('sha1', secret ?? SECRET)
        .update(body)
        .digest('hex')}`,
      'x-hub-signature-256': `sha256=${hmac(body, secret)}`,
    }),
    payload: push,
  },
  Gitea: {
    sign: (body, secret) => ({'x-gitea-event': 'push', 'x-gitea-signature': hmac(body, secret)}),
    payload: push,
  },
  Forgejo: {
    sign: (body, secret) => ({
      'x-forgejo-event': 'push',
      'x-forgejo-signature': hmac(body, secret),
      'x-gitea-signature': hmac(body, secret),
    }),
    payload: push,
  },
  GitLab: {
    sign: (_body, secret = SECRET) => ({'x-gitlab-event': 'Push Hook', 'x-gitlab-token': secret}),
    payload: push,
  },
  'Bitbucket Cloud': {
    sign: (body, secret) => ({'x-event-key': 'repo:push', 'x-hub-signature': `sha256=${hmac(body, secret)}`}),
    payload: cloudPush,
  },
  'Bitbucket Data Center': {
    sign: (body, secret) => ({
      'x-event-key': 'repo:refs_changed',
      'x-hub-signature': `sha256=${hmac(body, secret)}`,
    }),
    payload: dataCenterPush,
  },
  'a sender by Standard Webhooks': {sign: (body, secret) => standard(body, secret), payload: push},
};
