import type {Mode} from '../domain/campaign.ts';
import type {Listener} from './events.ts';
import type {Clock, Platform, Random} from './ports.ts';
import type {KnownPast} from './store/known-past.ts';
import type {Guardrails} from './store/stops.ts';

export interface WorkspaceSettings {
  readonly mode: Mode;
  /** How many campaigns have their turn at the same time. */
  readonly concurrency: number;
  /** Report only: nothing is sent but reads. */
  readonly dryRun: boolean;
  /** What keeps big things from happening by accident; nothing does where it is not given. */
  readonly guardrails?: Guardrails;
}

export interface WorkspaceDependencies {
  readonly platform: Platform;
  readonly clock: Clock;
  readonly random: Random;
  readonly listener: Listener;
  /** What is known from before this process began. */
  readonly past?: KnownPast;
}

/** By what a pass decides what may be sent. */
export const groundOf = ({dryRun, guardrails, mode}: WorkspaceSettings): string =>
  JSON.stringify([dryRun, mode, guardrails]);
