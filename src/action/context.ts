import {z} from 'zod';
import {readSmallFile} from '../disk/read-small-file.ts';

const repository = z.object({full_name: z.string()});

const eventSchema = z.object({
  pull_request: z
    .object({
      number: z.int(),
      head: z.object({sha: z.string(), repo: repository.nullish()}),
      base: z.object({repo: repository}),
    })
    .optional(),
  merge_group: z.object({head_sha: z.string(), base_sha: z.string()}).optional(),
});

/** The pull request that a workflow runs for. */
interface PullRequest {
  readonly number: number;
  readonly headSha: string;
  /** From a repository that this one's secrets are not given to. */
  readonly fromFork: boolean;
}

/** What the runner says of the workflow run. */
export interface ActionContext {
  readonly event: string;
  readonly owner: string;
  readonly repo: string;
  readonly apiUrl: string;
  /** The page of this run. */
  readonly runUrl: string;
  /** The folder that the repository was checked out into. */
  readonly workspace: string;
  readonly pullRequest?: PullRequest;
  /** The commits of a merge queue's group. */
  readonly mergeGroup?: {readonly headSha: string; readonly baseSha: string};
}

const DEPENDABOT = 'dependabot[bot]';

/** The largest event that is read, in bytes; GitHub's have at most 25 MB. */
const LARGEST_EVENT = 32 * 1024 * 1024;

const readEvent = (file: string | undefined): z.infer<typeof eventSchema> => {
  if (!file) return {};
  const {data} = eventSchema.safeParse(
    JSON.parse(Buffer.from(readSmallFile(file, LARGEST_EVENT)).toString('utf8')),
  );
  if (data) return data;
  throw new Error('the event of this run is not one that GitHub sends');
};

/** Reads what the runner put into the environment; throws where it is no run of GitHub Actions. */
export const readContext = (env: NodeJS.ProcessEnv): ActionContext => {
  const {GITHUB_EVENT_NAME: event, GITHUB_REPOSITORY: full = '', GITHUB_WORKSPACE: workspace} = env;
  const [owner = '', repo = ''] = full.split('/');
  if (!event || !owner || !repo || !workspace) throw new Error('this is no run of GitHub Actions');
  const {merge_group: group, pull_request: pull} = readEvent(env['GITHUB_EVENT_PATH']);
  if (event === 'pull_request' && !pull) throw new Error('the event of this run names no pull request');
  const server = env['GITHUB_SERVER_URL'] || 'https://github.com';
  const elsewhere = pull !== undefined && pull.head.repo?.full_name !== pull.base.repo.full_name;
  return {
    event,
    owner,
    repo,
    workspace,
    apiUrl: env['GITHUB_API_URL'] || 'https://api.github.com',
    runUrl: `${server}/${full}/actions/runs/${env['GITHUB_RUN_ID'] ?? ''}`,
    ...(pull && {
      pullRequest: {
        number: pull.number,
        headSha: pull.head.sha,
        fromFork: elsewhere || env['GITHUB_ACTOR'] === DEPENDABOT,
      },
    }),
    ...(group && {mergeGroup: {headSha: group.head_sha, baseSha: group.base_sha}}),
  };
};
