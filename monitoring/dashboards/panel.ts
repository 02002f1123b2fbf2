import {PLACES} from '../alerts/alert.ts';

/** A query of Prometheus, and what its series are called. */
export interface Query {
  readonly expression: string;
  readonly legend?: string;
}

/** A colour from a value on. */
export interface Step {
  readonly from: number | null;
  readonly colour: 'green' | 'orange' | 'red' | 'blue' | 'text';
}

interface Base {
  /** Fixed, since alerts link to it. */
  readonly id: number;
  readonly title: string;
  readonly description: string;
  /** Of 24. */
  readonly width: number;
  readonly height: number;
  readonly unit: string;
  readonly queries: readonly Query[];
  /** The alerts that this panel explains. */
  readonly alerts?: readonly string[];
}

/** One number, or a few. */
export interface Stat extends Base {
  readonly kind: 'stat';
  readonly steps: readonly Step[];
  /** What a value is called instead of its number. */
  readonly names?: Readonly<Record<string, {readonly text: string; readonly colour: Step['colour']}>>;
  /** What stands there where there is no value at all. */
  readonly none?: string;
}

/** Lines over time. */
export interface Series extends Base {
  readonly kind: 'timeseries';
  readonly stacked?: true;
}

/** A column of a table: the label, or `Value` for the value of the query. */
export interface Column {
  readonly field: string;
  readonly title: string;
  readonly unit?: string;
  /** In pixels; what is left goes to the columns that have none. */
  readonly width?: number;
  /** Where a click on it leads: `${__data.fields.workspace}` is the label of the row. */
  readonly link?: string;
}

/** One row a series. */
export interface Table extends Base {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  /** By the title of a column; the first that is wanted. */
  readonly sortBy: string;
  readonly ascending?: true;
}

export type Panel = Stat | Series | Table;

/** Panels under one heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface DashboardSpec {
  readonly uid: 'rollcall-fleet' | 'rollcall-controller';
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
}

export const GOOD_AT_ZERO: readonly Step[] = [
  {from: null, colour: 'green'},
  {from: 1, colour: 'red'},
];
export const LOOK_FROM_ONE: readonly Step[] = [
  {from: null, colour: 'green'},
  {from: 1, colour: 'orange'},
];
export const PLAIN: readonly Step[] = [{from: null, colour: 'text'}];

/** The workspaces that are looked at. */
export const CHOSEN = 'workspace=~"$workspace"';

/** The installations that are looked at. */
const IN_PLACE = PLACES.map(label => `${label}=~"$${label}"`).join(',');

const METRIC = /\b((?:rollcall|process|nodejs)_\w+)(?:\{([^}]*)\})?/g;

/** An expression, of the installations that are looked at. */
export const inPlace = (expression: string): string =>
  expression.replaceAll(
    METRIC,
    (_, name: string, matchers: string | undefined) =>
      `${name}{${matchers ? `${matchers},` : ''}${IN_PLACE}}`,
  );

/** The workspace of a row of a table, in the dashboard of campaigns. */
export const IN_WORKSPACE = `/d/rollcall-fleet?var-workspace=\${__data.fields.workspace}&var-datasource=\${datasource}${PLACES.map(label => `&\${${label}:queryparam}`).join('')}&\${__url_time_range}`;

/** A sum, 0 where there is nothing to sum up. */
export const sumOrZero = (expression: string): string => `sum(${expression}) or vector(0)`;

/** The quantile of a histogram, by a label or of all, over the usual range or another. */
export const quantile = (
  q: number,
  metric: string,
  {by = '', over = '$__rate_interval'}: {readonly by?: string; readonly over?: string} = {},
): string =>
  `histogram_quantile(${q}, sum by (le${by ? `, ${by}` : ''}) (rate(${metric}_bucket{${CHOSEN}}[${over}])))`;
