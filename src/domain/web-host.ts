/** Programs that host repositories, each with its own way to put the parts of a URL. */
export const WEB_HOSTS = ['github', 'gitlab', 'gitea', 'bitbucket'] as const;
type WebHostKind = (typeof WEB_HOSTS)[number];

/** Where a repository is looked at in a browser: without a slash at its end. */
export interface WebHost {
  readonly kind: WebHostKind;
  readonly url: string;
}

const KNOWN: readonly (readonly [RegExp, WebHostKind])[] = [
  [/(?:^|\.)github\.|^github\./, 'github'],
  [/gitlab/, 'gitlab'],
  [/bitbucket/, 'bitbucket'],
  [/gitea|forgejo|(?:^|\.)codeberg\.org$/, 'gitea'],
];

const SCP = /^(?:[^@/]+@)?(?<host>[^/:]+):(?!\/\/)(?<path>.+)$/;

/** The page of a repository, by the URL that Git takes; undefined where that names no host. */
const pageOf = (gitUrl: string): string | undefined => {
  const scp = SCP.exec(gitUrl)?.groups;
  if (scp) return `https://${scp['host']}/${scp['path']?.replace(/^\/+/, '')}`;
  const url = URL.parse(gitUrl);
  if (!url || !['https:', 'http:', 'ssh:'].includes(url.protocol)) return undefined;
  const host =
    url.protocol === 'http:'
      ? `http://${url.host}`
      : `https://${url.protocol === 'ssh:' ? url.hostname : url.host}`;
  return `${host}${url.pathname}`;
};

/** What the configuration says of the host. */
export interface WebHostOptions {
  /** Instead of what follows from the URL that Git takes. */
  readonly webUrl?: string | undefined;
  /** Where the name of the host does not tell. */
  readonly webKind?: WebHostKind | undefined;
}

/**
 * Where a repository is looked at; undefined where nobody can tell: a local path has no such page, and the paths of a host
 * whose kind is not known are not guessed.
 */
export const webHostOf = (gitUrl: string, {webKind, webUrl}: WebHostOptions): WebHost | undefined => {
  const url = (webUrl ?? pageOf(gitUrl))?.replace(/\/+$/, '').replace(/\.git$/, '');
  const hostname = url === undefined ? '' : (URL.parse(url)?.hostname ?? '');
  const kind = webKind ?? KNOWN.find(([pattern]) => pattern.test(hostname))?.[1];
  return url !== undefined && kind ? {kind, url} : undefined;
};

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** The editor of a file at a branch. */
export const editUrl = ({kind, url}: WebHost, branch: string, file: string): string => {
  const place = `${encoded(branch)}/${encoded(file)}`;
  const paths = {
    github: `edit/${place}`,
    gitlab: `-/edit/${place}`,
    gitea: `_edit/${place}`,
    bitbucket: `src/${place}?mode=edit`,
  };
  return `${url}/${paths[kind]}`;
};

/** A line of a file as a commit has it. */
export const lineUrl = (
  {kind, url}: WebHost,
  commit: string,
  {file, line}: {file: string; line: number},
): string => {
  const place = `${encodeURIComponent(commit)}/${encoded(file)}`;
  const paths = {
    github: `blob/${place}#L${line}`,
    gitlab: `-/blob/${place}#L${line}`,
    gitea: `src/commit/${place}#L${line}`,
    bitbucket: `src/${place}#lines-${line}`,
  };
  return `${url}/${paths[kind]}`;
};

/** A commit. */
export const commitUrl = ({kind, url}: WebHost, commit: string): string => {
  const paths = {github: 'commit', gitlab: '-/commit', gitea: 'commit', bitbucket: 'commits'};
  return `${url}/${paths[kind]}/${encodeURIComponent(commit)}`;
};
