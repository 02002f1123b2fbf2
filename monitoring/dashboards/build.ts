import type {Builder} from '@grafana/grafana-foundation-sdk/cog';
import * as common from '@grafana/grafana-foundation-sdk/common';
import {BigValueColorMode, BigValueGraphMode, StackingMode} from '@grafana/grafana-foundation-sdk/common';
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  MappingType,
  QueryVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {DataqueryBuilder, PromQueryFormat} from '@grafana/grafana-foundation-sdk/prometheus';
import {PanelBuilder as StatBuilder} from '@grafana/grafana-foundation-sdk/stat';
import {PanelBuilder as TableBuilder} from '@grafana/grafana-foundation-sdk/table';
import {PanelBuilder as SeriesBuilder} from '@grafana/grafana-foundation-sdk/timeseries';
import {PLACES} from '../alerts/alert.ts';
import {
  type Column,
  type DashboardSpec,
  inPlace,
  type Panel,
  type Query,
  type Series,
  type Stat,
  type Table,
} from './panel.ts';

const SOURCE = {type: 'prometheus', uid: '${datasource}'};
const DECIMALS = 2;

const query = ({expression, legend = ''}: Query, index: number): DataqueryBuilder =>
  new DataqueryBuilder()
    .refId(String.fromCharCode('A'.charCodeAt(0) + index))
    .datasource(SOURCE)
    .expr(inPlace(expression))
    .legendFormat(legend);

const mappingsOf = ({names = {}}: Stat): ValueMapping[] => [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(names).map(([value, {colour, text}], index) => [value, {color: colour, index, text}]),
    ),
  },
];

const stat = (panel: Stat): Builder<dashboard.Panel> =>
  new StatBuilder()
    .unit(panel.unit)
    .noValue(panel.none ?? '0')
    .decimals(0)
    .mappings(mappingsOf(panel))
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .thresholds(
      new ThresholdsConfigBuilder()
        .mode(ThresholdsMode.Absolute)
        .steps(panel.steps.map(({colour, from}) => ({color: colour, value: from}))),
    )
    .targets(panel.queries.map((one, index) => query(one, index).instant()));

const series = (panel: Series): Builder<dashboard.Panel> => {
  const builder = new SeriesBuilder()
    .unit(panel.unit)
    .decimals(DECIMALS)
    .noValue('0')
    .min(0)
    .fillOpacity(panel.stacked ? 30 : 5)
    .lineWidth(1)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom),
    )
    .targets(panel.queries.map((one, index) => query(one, index).range()));
  return panel.stacked
    ? builder.stacking(new common.StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
    : builder;
};

const overrideOf = ({link, unit, width}: Column): dashboard.DynamicConfigValue[] => [
  ...(unit === undefined ? [] : [{id: 'unit', value: unit}]),
  ...(width === undefined ? [] : [{id: 'custom.width', value: width}]),
  ...(link === undefined ? [] : [{id: 'links', value: [{title: 'Open it', url: link}]}]),
];

const table = (panel: Table): Builder<dashboard.Panel> => {
  const indexByName = Object.fromEntries(panel.columns.map(({field}, index) => [field, index]));
  const renameByName = Object.fromEntries(panel.columns.map(({field, title}) => [field, title]));
  const excluded = ['Time', '__name__', ...('Value' in indexByName ? [] : ['Value'])];
  const builder = new TableBuilder()
    .noValue('none')
    .sortBy([new common.TableSortByFieldStateBuilder().displayName(panel.sortBy).desc(!panel.ascending)])
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: Object.fromEntries(excluded.map(name => [name, true])),
        indexByName,
        renameByName,
      },
    })
    .targets(panel.queries.map((one, index) => query(one, index).instant().format(PromQueryFormat.Table)));
  for (const column of panel.columns) {
    const properties = overrideOf(column);
    if (properties.length > 0) builder.overrideByName(column.title, properties);
  }
  return builder;
};

const visual = (panel: Panel): Builder<dashboard.Panel> => {
  if (panel.kind === 'stat') return stat(panel);
  return panel.kind === 'table' ? table(panel) : series(panel);
};

/** A panel with what all kinds have: the SDK has no type for that. */
const built = (panel: Panel, place: {x: number; y: number}): Builder<dashboard.Panel> => {
  const {description, height, id, title, width} = panel;
  const made: dashboard.Panel = {
    ...visual(panel).build(),
    id,
    title,
    description,
    datasource: SOURCE,
    gridPos: {...place, w: width, h: height},
  };
  return {build: () => made};
};

const HEADING = 1;
const COLUMNS = 24;

/** The panels of all rows, each in its place. */
const placed = ({rows}: DashboardSpec): {heading: RowBuilder; panels: Builder<dashboard.Panel>[]}[] => {
  let y = 0;
  return rows.map(({panels, title}) => {
    const heading = new RowBuilder(title).gridPos({x: 0, y, w: COLUMNS, h: HEADING});
    y += HEADING;
    let [x, tallest] = [0, 0];
    const made = panels.map(panel => {
      if (x + panel.width > COLUMNS) {
        y += tallest;
        [x, tallest] = [0, 0];
      }
      const one = built(panel, {x, y});
      x += panel.width;
      tallest = Math.max(tallest, panel.height);
      return one;
    });
    y += tallest;
    return {heading, panels: made};
  });
};

/** One of the labels that series are chosen by, with the values that are left of it by those before. */
const choice = (label: string, series: string): QueryVariableBuilder =>
  new QueryVariableBuilder(label)
    .label(label.charAt(0).toUpperCase() + label.slice(1))
    .datasource(SOURCE)
    .query({query: `label_values(${series}, ${label})`, refId: label})
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({selected: true, text: 'All', value: '$__all'});

const choices = (): readonly QueryVariableBuilder[] => [
  ...PLACES.map((label, index) => {
    const before = PLACES.slice(0, index).map(one => `${one}=~"$${one}"`);
    return choice(label, `rollcall_build_info{${before.join(',')}}`);
  }),
  choice('workspace', inPlace('rollcall_campaigns')),
];

const revisions = (): AnnotationQueryBuilder =>
  new AnnotationQueryBuilder()
    .name('Revisions')
    .datasource(SOURCE)
    .enable(true)
    .iconColor('blue')
    .expr(
      inPlace(
        'max by (revision) (rollcall_source_revision_timestamp_seconds) unless max by (revision) (last_over_time(rollcall_source_revision_timestamp_seconds[1h] offset $__interval))',
      ),
    )
    .step('60s')
    .titleFormat('revision in force')
    .textFormat('{{revision}}');

/** The SDK puts links and annotations into a menu, and cannot be told not to. */
const shown = (built: dashboard.Dashboard): dashboard.Dashboard => {
  const open = <T extends {placement?: unknown}>({placement: _menu, ...rest}: T) => rest;
  return {
    ...built,
    links: (built.links ?? []).map(open),
    annotations: {list: (built.annotations?.list ?? []).map(open)},
  } as dashboard.Dashboard;
};

/** A dashboard as Grafana imports it. */
export const buildDashboard = (spec: DashboardSpec): dashboard.Dashboard => {
  const builder = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags(['rollcall'])
    .timezone('browser')
    .refresh('30s')
    .time({from: 'now-6h', to: 'now'})
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'))
    .annotation(revisions())
    .link(
      new DashboardLinkBuilder('Rollcall')
        .type(DashboardLinkType.Dashboards)
        .tags(['rollcall'])
        .keepTime(true)
        .includeVars(true),
    );
  for (const one of choices()) builder.withVariable(one);
  for (const {heading, panels} of placed(spec)) {
    builder.withRow(heading);
    for (const panel of panels) builder.withPanel(panel);
  }
  return shown(builder.build());
};
