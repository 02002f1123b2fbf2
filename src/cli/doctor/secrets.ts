import type {ReceiverConfig, SecretReference} from '../../config/notifications.ts';
import type {Config} from '../../config/schema.ts';
import {headerProblem} from '../../domain/text.ts';
import {addressProblem, signingProblem} from '../../notify/receivers.ts';
import {NO_SECRET} from '../../platform/key.ts';
import {type Secrets, secretPlace, weakness} from '../secrets.ts';
import {type CheckResult, failed, ok} from './check.ts';

/** A secret that a controller goes by, and where the configuration names it. */
interface Named {
  readonly key: string;
  readonly reference: SecretReference;
  /** Why it is of no use; undefined where it is. */
  readonly problem: (secret: string) => string | undefined;
}

const ofReceiver = ({githubStatus, name, slack, webhook}: ReceiverConfig): Named | undefined => {
  const key = `notifications, ${name}`;
  if (webhook) return {key, reference: webhook.secret, problem: signingProblem};
  if (slack) return {key, reference: slack.webhookUrl, problem: addressProblem};
  return githubStatus && {key, reference: githubStatus.token, problem: headerProblem};
};

const namedIn = ({http, notifications, source}: Config): readonly Named[] => {
  const entries = [
    ['http.auth.tokenFile', http.auth?.tokenFile],
    ['source.git.webhook.secretFile', source.git?.webhook?.secretFile],
  ] as const;
  const letIn = entries.flatMap(([key, file]) =>
    file === undefined ? [] : [{key, reference: {file}, problem: weakness}],
  );
  return [...letIn, ...notifications.flatMap(one => ofReceiver(one) ?? [])];
};

/** Whether the secrets of the page, of the webhook and of receivers can be read, and are of use. */
export const checkSecrets = (config: Config, secrets: Secrets): CheckResult[] =>
  namedIn(config).map(({key, problem, reference}) => {
    const secret = secrets.read(reference);
    const trouble = secret === undefined ? NO_SECRET : problem(secret);
    return trouble === undefined
      ? ok('secrets', `${key}: ${secretPlace(reference)} holds one`)
      : failed('secrets', `${key}: ${secretPlace(reference)} ${trouble}`, 'mend the secret; it is read anew');
  });
