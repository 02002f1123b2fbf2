import {type KnownPast, NO_PAST} from '../../controller/store/known-past.ts';
import {errorText} from '../../domain/text.ts';
import {knownPast} from '../../history/past.ts';
import {systemClock} from '../../system.ts';
import type {ComposeOptions} from '../compose-options.ts';
import {historyOptions} from './open.ts';

/** Nothing is known of how campaigns were seen last. */
const UNSEEN = {
  settledFor: NO_PAST.settledFor,
  lastSeen: NO_PAST.lastSeen,
  ownUpdatedAt: NO_PAST.ownUpdatedAt,
};

/**
 * What of a past counts here. A history that a command finds may be of long ago, and the built-in simulator begins anew with
 * each process; where replicas share workspaces out, another may have seen a campaign in place, or moved, since this one wrote
 * of it.
 */
const countingOf = (
  past: KnownPast,
  {config, share}: Pick<ComposeOptions, 'config' | 'share'>,
): KnownPast => {
  if (share !== 'controller' || config.platform.simulator) return {...past, ...UNSEEN};
  return config.leaderElection ? {...past, settledFor: NO_PAST.settledFor} : past;
};

/** Tells what the history knows of a workspace from before this process began; where it cannot be read, it says so. */
export const pastBy =
  ({config, env, log, share}: Pick<ComposeOptions, 'config' | 'env' | 'log' | 'share'>) =>
  (workspace: string): KnownPast => {
    const {file} = historyOptions(config, env);
    try {
      return countingOf(knownPast(file, workspace, systemClock.now()), {config, share});
    } catch (error) {
      log.warn(
        {workspace},
        `the history ${file} cannot be read: ${errorText(error)}; what was in place before is not known, and limits and the age of resumes are counted from now on`,
      );
      return NO_PAST;
    }
  };
