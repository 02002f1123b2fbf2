/** Lengths of time in rules, all shortened by one factor where a test has no hours to wait. */
export interface Lengths {
  /** So many seconds, as a number to compare with. */
  readonly seconds: (seconds: number) => number;
  /** So many seconds, as a duration of Prometheus. */
  readonly range: (seconds: number) => string;
}

/** Lengths as they are, or so many times shorter, a second at the least. */
export const lengths = (shortened = 1): Lengths => {
  const seconds = (all: number): number => Math.max(1, Math.round(all / shortened));
  return {seconds, range: all => durationText(seconds(all))};
};

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
] as const;

const durationText = (seconds: number): string => {
  const unit = UNITS.find(([, length]) => seconds % length === 0);
  return unit ? `${seconds / unit[1]}${unit[0]}` : `${seconds}s`;
};

/** Where somebody must get up, where somebody must look by day, and what is only to be known. */
type Severity = 'critical' | 'warning' | 'info';

/** A case in which an alert fires: series by their name and labels, as `promtool test rules` writes them. */
interface Firing {
  /** Between two samples. Default: 1m. */
  readonly interval?: string;
  readonly series: Readonly<Record<string, string>>;
  /** When it fires, and a little before that it does not. */
  readonly at: string;
  readonly notYetAt?: string;
  /** The labels of the alert, besides its severity. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** One alert: the rule, its documentation and its test follow from it. */
export interface Alert {
  readonly name: `Rollcall${string}`;
  readonly severity: Severity;
  readonly expression: (lengths: Lengths) => string;
  /** For how many seconds it must be so. */
  readonly for: number;
  readonly summary: string;
  readonly description: string;
  /** What its labels are besides those of where it runs: a dashboard's variable is filled in by them. */
  readonly by: readonly string[];
  readonly firing: Firing;
}

/** The labels that tell one installation from another, as a Prometheus in Kubernetes has them; elsewhere some are not there. */
export const PLACES = ['cluster', 'namespace', 'job'] as const;
/** The same for an aggregation. */
export const PLACE = PLACES.join(', ');
/** What tells one workspace from another. */
export const WORKSPACE = `${PLACE}, workspace`;

const MOST_NAMED = 5;

/** What a query of one workspace's campaigns must match: other installations may have one of the same name. */
export const OF_THIS = "workspace='%s',cluster='%s',namespace='%s',job='%s'";
const THIS = '$labels.workspace $labels.cluster $labels.namespace $labels.job';

/** A template that names the campaigns of a query (of `OF_THIS`), the first few, each told by a sentence about its labels. */
export const naming = (query: string, each: string): string =>
  `{{ with printf "bottomk(${MOST_NAMED}, ${query})" ${THIS} | query }}{{ range . }} ${each}{{ end }}{{ end }}`;

const HOURS = '{{ .Value | humanizeTimestamp }}';

/** Names the campaigns that differ in a way: what Git wants, what is live, who did it and since when. */
export const namingDifferences = (matchers: string): string =>
  naming(
    `max by (campaign, name, desired, live, changed_by) (rollcall_campaign_difference_timestamp_seconds{${OF_THIS},${matchers}})`,
    `{{ .Labels.name }} ({{ .Labels.campaign }}): Git wants {{ .Labels.desired }}, live is {{ .Labels.live }}, last changed by {{ or .Labels.changed_by "somebody unnamed" }}, since ${HOURS}.`,
  );
