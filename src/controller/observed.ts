import type {Condition, Trouble} from '../domain/condition.ts';
import {conditions} from '../domain/conditions.ts';
import type {DeclarationSet} from '../domain/declarations.ts';
import type {LiveProblem, Report} from '../domain/report.ts';
import type {Tally} from '../domain/tally.ts';
import type {InForce} from './in-force.ts';
import type {WorkspaceReconciler} from './workspace.ts';

/** What the conditions of the whole follow from. */
export interface Whole {
  readonly isRead: boolean;
  readonly isAdopting: boolean;
  readonly workspaces: readonly WorkspaceReconciler[];
  readonly troubles: readonly Trouble[];
  readonly tally: Tally;
  readonly declarations: DeclarationSet;
  readonly undelivered: readonly string[] | undefined;
}

/** The conditions of the whole, each with the time since when it is as it is. */
export class Observed {
  #conditions: readonly Condition[] = [];

  /** What is so as of `now` (epoch milliseconds). */
  look({declarations, isAdopting, isRead, tally, troubles, undelivered, workspaces}: Whole, now: number) {
    this.#conditions = conditions(
      {
        started: isRead && workspaces.every(({passed}) => passed),
        adopting: isAdopting,
        troubles,
        tally,
        diagnostics: declarations.diagnostics.length,
        undelivered,
        actionsLeft: workspaces.reduce((sum, {actionsLeft}) => sum + actionsLeft, 0),
      },
      this.#conditions,
      now,
    );
    return this.#conditions;
  }
}

const liveProblems = (workspaces: readonly WorkspaceReconciler[]): readonly LiveProblem[] =>
  workspaces.flatMap(({name, unusable}) =>
    unusable.map(message => ({code: 'unusable-campaign', message, workspace: name})),
  );

/** What is told of the whole, with what is wrong in Git and in the platform's lists. */
export const reportOf = (
  {declarations, readAt, revision}: InForce,
  workspaces: readonly WorkspaceReconciler[],
  told: Pick<Report, 'conditions' | 'leader' | 'observedAt' | 'summary'>,
): Report => {
  const {author, committedAt, id, subject} = revision ?? {};
  return {
    revision: id,
    source: {author, subject, committedAt, readAt},
    ...told,
    diagnostics: [...declarations.diagnostics, ...liveProblems(workspaces)],
  };
};

/** What is missing until all has been read and looked through once. */
export const notReady = (
  {revision, trouble}: InForce,
  workspaces: readonly WorkspaceReconciler[],
): readonly string[] => {
  if (!revision) return [trouble?.message ?? 'no revision has been read yet'];
  return workspaces.filter(({passed}) => !passed).map(({name}) => `workspace ${name}: no pass has ended yet`);
};
