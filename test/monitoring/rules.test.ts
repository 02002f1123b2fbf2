/** The rules as `promtool` sees them, and the dashboards as Grafana would. Needs `promtool`. */
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import {ALERTS} from '../../monitoring/alerts/all.ts';
import {PANELS} from '../../monitoring/dashboards/alert-panels.ts';
import {buildDashboard} from '../../monitoring/dashboards/build.ts';
import {CONTROLLER} from '../../monitoring/dashboards/controller.ts';
import {FLEET} from '../../monitoring/dashboards/fleet.ts';
import {describedMetrics} from '../../monitoring/pages/metrics.ts';

const promtool = (...args: string[]): string => execFileSync('promtool', args, {encoding: 'utf8'});
const SPECS = [FLEET, CONTROLLER];

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const rules: readonly Rule[] = parse(readFileSync('monitoring/rules.yaml', 'utf8')).groups.flatMap(
  (group: {rules: Rule[]}) => group.rules,
);

const KNOWN_DEFAULTS = /^(?:process|nodejs)_/;
const namesIn = (expression: string): string[] =>
  expression.match(/\b(?:rollcall|process|nodejs)_[a-z0-9_]+/g) ?? [];

describe('the rules', () => {
  it('are what Prometheus takes', () => {
    expect(promtool('check', 'rules', 'monitoring/rules.yaml')).toContain(`${ALERTS.length} rules found`);
  });

  it('fire when they should, not before, and never where nobody is needed', () => {
    expect(promtool('test', 'rules', 'monitoring/rules.test.yaml')).toContain('SUCCESS');
  });

  it('have each a severity, a summary, a description, a runbook and a panel', () => {
    for (const {alert, annotations, labels} of rules) {
      expect(['critical', 'warning', 'info']).toContain(labels['severity']);
      expect(annotations['summary'], alert).toMatch(/\S/);
      expect(annotations['description'], alert).toMatch(/\.(?:\s*\{\{[\s\S]*)?$/);
      expect(annotations['runbook_url']).toBe(`https://rollcall.dev/docs/runbooks/alerts/${alert}`);
      expect(annotations['dashboard']).toMatch(/^\/d\/rollcall-(?:fleet|controller)\?viewPanel=\d+/);
      expect(PANELS.get(alert), alert).toBeDefined();
    }
  });

  it('ask for no metric that there is not', async () => {
    const known = new Set((await describedMetrics()).map(({name}) => name));
    const panels = SPECS.flatMap(spec => spec.rows.flatMap(row => row.panels));
    const expressions = [
      ...rules.map(({expr}) => expr),
      ...panels.flatMap(panel => panel.queries.map(query => query.expression)),
    ];
    for (const name of expressions.flatMap(namesIn)) {
      const metric = name.replace(/_(?:bucket|sum|count)$/, '');
      expect(known.has(name) || known.has(metric) || KNOWN_DEFAULTS.test(name), name).toBe(true);
    }
  });
});

describe.each(SPECS)('the dashboard $uid', spec => {
  const dashboard = JSON.parse(JSON.stringify(buildDashboard(spec)));
  // biome-ignore lint/suspicious/noExplicitAny: the JSON as Grafana reads it
  const panels: any[] = dashboard.panels.filter(({type}: {type: string}) => type !== 'row');

  it('is the one that is in the repository', () => {
    expect(JSON.parse(readFileSync(`monitoring/dashboards/${spec.uid}.json`, 'utf8'))).toEqual(dashboard);
  });

  it('is bound to no data source, and has the workspace for a variable', () => {
    expect(dashboard.uid).toBe(spec.uid);
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(39);
    expect(dashboard.__inputs).toBeUndefined();
    for (const {datasource, targets} of panels)
      for (const one of [{datasource}, ...targets])
        expect(one.datasource).toEqual({type: 'prometheus', uid: '${datasource}'});
    expect(dashboard.templating.list.map(({name}: {name: string}) => name)).toEqual([
      'datasource',
      'cluster',
      'namespace',
      'job',
      'workspace',
    ]);
    expect(dashboard.annotations.list).toHaveLength(1);
  });

  it('has panels with an id of their own, a description, a unit and something to show for nothing', () => {
    expect(new Set(panels.map(({id}) => id)).size).toBe(panels.length);
    for (const {description, fieldConfig, title, type} of panels) {
      expect(description, title).toMatch(/\.$/);
      expect(fieldConfig.defaults.noValue, title).toMatch(/\S/);
      if (type !== 'table') expect(fieldConfig.defaults.unit, title).toMatch(/\S/);
    }
  });

  it('has no panels on top of each other, and none beyond the width', () => {
    const taken = new Set<string>();
    for (const {gridPos} of dashboard.panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(x).toBeLessThan(24);
          expect(taken.has(`${x} ${y}`)).toBe(false);
          taken.add(`${x} ${y}`);
        }
  });
});
