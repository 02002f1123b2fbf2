import {inPlace, type Query} from '../dashboards/panel.ts';

/** A series of a query over time: times in seconds, and values. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

/** A sample of a query now. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly name: string;
  readonly value: number;
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number, string])[];
    }[];
  };
}

/** An expression with Grafana's variables filled in: every installation and workspace, a rate over half a minute, an hour in all. */
export const filled = (expression: string): string =>
  inPlace(expression)
    .replaceAll('$__rate_interval', '30s')
    .replaceAll('$__range', '1h')
    .replaceAll(/\$(?:cluster|job|namespace|workspace)/g, '.*');

const named = (legend: string | undefined, labels: Readonly<Record<string, string>>): string =>
  (legend ?? '').replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? '');

const ask = async (url: string): Promise<Answer['data']['result']> => {
  const answer = (await (await fetch(url)).json()) as Answer;
  if (answer.status !== 'success') throw new Error(answer.error);
  return answer.data.result;
};

/** What a query gives now. */
export const instant = async (server: string, {expression, legend}: Query): Promise<readonly Sample[]> => {
  const query = new URLSearchParams({query: filled(expression)});
  const result = await ask(`${server}/api/v1/query?${query}`);
  return result.map(({metric, value}) => ({
    labels: metric,
    name: named(legend, metric),
    value: Number(value?.[1]),
  }));
};

/** What a query gave from a time to another, in seconds. */
export const range = async (
  server: string,
  {expression, legend}: Query,
  [start, end]: readonly [number, number],
): Promise<readonly Line[]> => {
  const query = new URLSearchParams({
    query: filled(expression),
    start: String(start),
    end: String(end),
    step: '1',
  });
  const result = await ask(`${server}/api/v1/query_range?${query}`);
  return result.map(({metric, values = []}) => ({
    name: named(legend, metric),
    points: values.map(([time, value]) => [time, Number(value)] as const),
  }));
};
