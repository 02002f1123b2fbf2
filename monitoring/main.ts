/** `npm run monitoring`: writes everything that follows from the alerts and dashboards as data. */
import {writeFileSync} from 'node:fs';
import {stringify} from 'yaml';
import {RULE_DEFAULTS, rules, ruleTests} from './rules.ts';

const head = '# Made by `npm run monitoring`: change monitoring/alerts/, not this file.\n';
const yaml = (value: unknown): string => head + stringify(value, {lineWidth: 0});
writeFileSync('monitoring/rules.yaml', yaml(rules(RULE_DEFAULTS)));
writeFileSync('monitoring/rules.test.yaml', yaml(ruleTests('rules.yaml')));
