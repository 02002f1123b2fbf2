/**
 * npm run bench:incident: how long it takes from a revision in which everything is paused to the last pause, at the default
 * rate of 5 requests a second: the real controller, queue and client over the simulator's model, in virtual time. The time
 * until the revision is read comes on top: none with a webhook, up to `source.git.interval` without.
 */
import {all, filesOf, many, passInSlices} from '../test/support/many.ts';
import {World, type WorldOptions} from '../test/support/world.ts';

const SECOND = 1_000;
const STEP = 10 * SECOND;
const LATENCY = 80;
const SIZES = [10, 1_000, 10_000];
/** After this there is something wrong. */
const LONGEST = 6 * 3_600 * SECOND;

const minutes = (milliseconds: number): string => {
  const seconds = Math.round(milliseconds / SECOND);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

/** Steps through virtual time until nothing dials any more; gives the time of the last pause. */
const untilPaused = async (world: World, from: number, mend?: () => void): Promise<number> => {
  for (let at = 0; at < LONGEST; at += STEP) {
    await passInSlices(world, STEP);
    if (mend && at >= 120 * SECOND) mend();
    const statuses = Object.values(world.statuses('collections'));
    if (statuses.every(status => status !== 'active')) break;
  }
  const pauses = world.sent.filter(({action}) => action === 'pause');
  return (pauses.at(-1)?.at ?? from) - from;
};

/** What keeps resumes and cancels, all of it at once: a freeze of everything, a timetable of each, limits, and the age of resumes. */
const GUARDRAILS: NonNullable<WorldOptions['guardrails']> = {
  limits: {
    resume: {most: 50, share: 0.3, per: 24 * 3_600 * SECOND},
    cancel: {most: 10, share: 0.1, per: 24 * 3_600 * SECOND},
  },
  resumeMaxAge: 24 * 3_600 * SECOND,
};

const GUARDS = {
  'freeze.yaml':
    'apiVersion: rollcall.dev/v1\nkind: Freeze\nmetadata: {name: all}\nspec: {selector: {}, until: 2099-01-01T00:00:00Z, reason: bench}\n',
  'calendar.yaml':
    'apiVersion: rollcall.dev/v1\nkind: Calendar\nmetadata: {name: always}\nspec: {timezone: UTC}\n',
};

const guarded = (files: Readonly<Record<string, string>>): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(files).map(([file, text]) => [
      file,
      text.replace('spec:\n', 'spec:\n  timetable: {calendar: always}\n'),
    ]),
  ),
  ...GUARDS,
});

const measure = async (
  number: number,
  {isDown, isGuarded}: {isDown: boolean; isGuarded: boolean},
): Promise<{time: number; requests: number}> => {
  const dressed = isGuarded ? guarded : (files: Record<string, string>) => files;
  const campaigns = many(number, 'active');
  const world = new World({
    workspaces: {collections: campaigns},
    concurrentCampaigns: number,
    latency: () => LATENCY,
    ...(isGuarded && {guardrails: GUARDRAILS}),
  });
  await world.start(dressed(filesOf(all(campaigns, 'active'))));
  await passInSlices(world, 20 * 60 * SECOND);
  const before = world.sent.length;
  const from = world.now;
  if (isDown) world.faults({unavailable: 1});
  world.commit(dressed(filesOf(all(campaigns, 'paused'))));
  const time = await untilPaused(world, from, isDown ? () => world.faults({}) : undefined);
  const requests = world.sent.length - before;
  await world.close();
  return {time, requests};
};

const CASES = [
  ['all is well', {isDown: false, isGuarded: false}],
  ['every guardrail is in the way', {isDown: false, isGuarded: true}],
  ['every guardrail, and the platform down for the first two minutes', {isDown: true, isGuarded: true}],
] as const;

for (const number of SIZES) {
  for (const [when, how] of CASES) {
    const {requests, time} = await measure(number, how);
    console.log(
      `${String(number).padStart(6)} campaigns, ${when}: last pause after ${minutes(time)}, ${requests} requests`,
    );
  }
}
