import type {Context} from 'hono';
import {z} from 'zod';
import type {Report, SourceReport} from '../domain/report.ts';
import {rfc3339, timeOrNull} from '../domain/time.ts';
import {type Answer, askOthers, bodiesOf, type Fleet, replicasView} from './fleet.ts';
import {jsonAnswer, problem} from './problem.ts';
import {reportSchema} from './report-schemas.ts';

/** Where the report comes from. */
export interface ReportSource {
  report(): Report;
  /** The replicas; undefined where this process is the only one. */
  fleet?(): Fleet;
  /** The last push that was told by webhook; not there where no webhook is configured. */
  webhook?(): {readonly at: number; readonly result: string} | undefined;
}

interface ConditionView {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionAt: string;
}

const sourceView = ({author, committedAt, readAt, subject}: SourceReport) => ({
  author: author ?? null,
  subject: subject ?? null,
  committedAt: timeOrNull(committedAt),
  readAt: timeOrNull(readAt),
});

/** How many problems an answer tells: a word that is misspelt in a hundred thousand files is told by some of them. */
const MOST_DIAGNOSTICS = 1_000;

const toldOf = ({diagnostics}: Report) => {
  const omitted = diagnostics.length - MOST_DIAGNOSTICS;
  return omitted > 0
    ? {diagnostics: diagnostics.slice(0, MOST_DIAGNOSTICS), diagnosticsOmitted: omitted}
    : {diagnostics};
};

const reportView = (report: Report) => ({
  ...report,
  ...toldOf(report),
  revision: report.revision ?? null,
  source: sourceView(report.source),
  observedAt: rfc3339(report.observedAt),
  conditions: report.conditions.map(({lastTransitionAt, ...rest}) => ({
    ...rest,
    lastTransitionAt: rfc3339(lastTransitionAt),
  })),
});

/** What this process reports. */
export const ownReport = (source: ReportSource) => {
  const last = source.webhook?.();
  return {
    ...reportView(source.report()),
    ...(source.webhook && {webhook: last ? {at: rfc3339(last.at), result: last.result} : null}),
  };
};

/** What another replica says of campaigns that it leads; what is wrong in files every replica says. */
const liveProblem = z.strictObject({
  code: z.literal('unusable-campaign'),
  message: z.string(),
  workspace: z.string(),
});

type ReportView = ReturnType<typeof ownReport>;

type Answers = readonly Answer<z.infer<typeof reportSchema>>[];

/** Whether a condition asks for attention: `Ready` where it is not true, any other where it is. */
const isNotable = ({status, type}: ConditionView): boolean => (status === 'True') !== (type === 'Ready');

/** Of each condition the first that asks for attention, whichever replica says it. */
const mergedConditions = (own: readonly ConditionView[], answers: Answers): ConditionView[] => {
  const others = bodiesOf(answers).flatMap(({conditions}) => conditions);
  return own.map(mine =>
    isNotable(mine) ? mine : (others.find(one => one.type === mine.type && isNotable(one)) ?? mine),
  );
};

const mergedSummary = (own: ReportView['summary'], answers: Answers): Record<string, number> => {
  const sum: Record<string, number> = {...own};
  for (const {summary} of bodiesOf(answers))
    for (const [state, number = 0] of Object.entries(summary)) sum[state] = (sum[state] ?? 0) + number;
  return sum;
};

/** Nobody can call the whole fine of which a part is not known. */
const withUnknown = (conditions: ConditionView[], fleet: Fleet, answers: Answers, at: string) => {
  const silent = answers.filter(({ok}) => !ok).flatMap(({replica}) => replica.workspaces);
  const unknown = [...silent, ...fleet.unled];
  if (unknown.length === 0) return conditions;
  const message = `not known now: workspace ${unknown.join(', ')}: ${
    silent.length > 0 ? 'the replica that leads it does not answer' : 'no replica leads it yet'
  }`;
  return conditions.map(one =>
    one.type === 'Ready' && one.status === 'True'
      ? {...one, status: 'Unknown', reason: 'WorkspacesUnknown', message, lastTransitionAt: at}
      : one,
  );
};

/** What a replica is fine with is not what this one reports, while it works by another revision. */
const withOtherRevisions = (conditions: ConditionView[], own: ReportView, answers: Answers) => {
  const others = answers.filter(answer => answer.ok && answer.body.revision !== own.revision);
  if (others.length === 0) return conditions;
  const names = others.map(({replica}) => replica.identity).join(', ');
  const message = `another revision is in force on ${names}`;
  return conditions.map(one =>
    one.type === 'Ready' && one.status === 'True'
      ? {...one, status: 'False', reason: 'Progressing', message, lastTransitionAt: own.observedAt}
      : one,
  );
};

const wholeReport = async (own: ReportView, fleet: Fleet) => {
  const answers = await askOthers(fleet, '/api/v1/report', new URLSearchParams(), reportSchema);
  const ofLive = bodiesOf(answers).flatMap(({diagnostics}) =>
    diagnostics.flatMap(one => liveProblem.safeParse(one).data ?? []),
  );
  return {
    ...own,
    conditions: withUnknown(
      withOtherRevisions(mergedConditions(own.conditions, answers), own, answers),
      fleet,
      answers,
      own.observedAt,
    ),
    summary: mergedSummary(own.summary, answers),
    diagnostics: [...own.diagnostics, ...ofLive],
    replicas: replicasView(fleet, answers, own),
    unled: fleet.unled,
  };
};

/** What all replicas report, or this process where it is the only one. */
export const gatheredReport = (source: ReportSource) => {
  const own = ownReport(source);
  const fleet = source.fleet?.();
  return fleet ? wholeReport(own, fleet) : Promise.resolve(own);
};

/** The report: of all replicas, or with `scope=replica` of this one. */
export const report = async (context: Context, source: ReportSource): Promise<Response> => {
  const {scope, ...unknown} = context.req.queries();
  const [parameter] = Object.keys(unknown);
  if (parameter !== undefined)
    return problem(context, 400, `there is no parameter ${JSON.stringify(parameter)}: there is scope`);
  if (scope && (scope.length > 1 || scope[0] !== 'replica'))
    return problem(context, 400, 'scope must be replica, or be left out');
  return jsonAnswer(context, scope ? ownReport(source) : await gatheredReport(source));
};
