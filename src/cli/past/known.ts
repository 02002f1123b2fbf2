import {type KnownPast, NO_PAST} from '../../controller/store/known-past.ts';
import {errorText} from '../../domain/text.ts';
import {knownPast} from '../../history/past.ts';
import {systemClock} from '../../system.ts';
import type {ComposeOptions} from '../compose-options.ts';
import {historyOptions} from './open.ts';

/**
 * Tells what the history knows of a workspace from before this process began; where it cannot be read, it says so. Where
 * replicas share workspaces out, another may have seen a campaign in place, or moved, since this one wrote of it.
 */
export const pastBy =
  ({config, env, log}: Pick<ComposeOptions, 'config' | 'env' | 'log'>) =>
  (workspace: string): KnownPast => {
    const {file} = historyOptions(config, env);
    try {
      const past = knownPast(file, workspace, systemClock.now());
      return config.leaderElection ? {...past, settledFor: () => undefined} : past;
    } catch (error) {
      log.warn(
        {workspace},
        `the history ${file} cannot be read: ${errorText(error)}; limits and the age of resumes are counted from now on`,
      );
      return NO_PAST;
    }
  };
