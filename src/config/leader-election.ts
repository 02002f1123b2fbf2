import {z} from 'zod';
import {duration} from '../document/duration.ts';
import {dnsLabel} from '../document/names.ts';
import {whenSound} from '../document/when-sound.ts';
import {LABEL} from '../domain/label.ts';
import {baseUrl} from './urls.ts';

/** The share of a lease’s duration that its holder never acts beyond. */
const SAFE_SHARE = 0.9;
/** How many periods a holder has at least until it must stop. */
const FEWEST_TRIES = 4;

/** Durations of a lease, in an order that leaves clocks five per cent each way, and a holder three tries. */
const timingsInOrder = (
  {
    leaseDuration,
    renewDeadline,
    retryPeriod,
  }: {
    leaseDuration: number;
    renewDeadline: number;
    retryPeriod: number;
  },
  context: z.RefinementCtx,
): void => {
  const issue = (key: string, message: string): void =>
    context.addIssue({code: 'custom', path: [key], message});
  if (renewDeadline > SAFE_SHARE * leaseDuration)
    issue('renewDeadline', `must be at most ${SAFE_SHARE} of leaseDuration: two clocks may run apart`);
  if (renewDeadline < FEWEST_TRIES * retryPeriod)
    issue('retryPeriod', `must be at most a quarter of renewDeadline: a renewal may fail and be tried again`);
};

const leaseName = z.string().regex(LABEL, 'must be up to 63 of a-z, 0-9 and -, as Kubernetes names');

/** How replicas share the workspaces out; undefined where one process leads all. */
export const leaderElection = z
  .strictObject({
    leaseName: leaseName
      .default('rollcall')
      .describe('What the names of all leases begin with; those of two installations must differ.'),
    namespace: dnsLabel.optional().describe('Where the leases are. Default: the pod’s own.'),
    server: baseUrl.optional().describe('The API server. Default: the one of the cluster.'),
    tokenFile: z.string().min(1, 'must not be empty').optional().describe('Default: the service account’s.'),
    caFile: z.string().min(1, 'must not be empty').optional().describe('Default: the service account’s.'),
    leaseDuration: duration('5s', '1h').prefault('35s'),
    renewDeadline: duration('2s', '1h').prefault('30s'),
    retryPeriod: duration('100ms', '10m').prefault('5s'),
  })
  .superRefine(timingsInOrder, whenSound('leaseDuration', 'renewDeadline', 'retryPeriod'))
  .describe('One Lease of Kubernetes for each workspace: replicas share the workspaces out by them.');
