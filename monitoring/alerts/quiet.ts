/** A case in which no alert may fire, of all that there are. */
export interface Quiet {
  readonly name: string;
  readonly interval: string;
  readonly series: Readonly<Record<string, string>>;
  /** When it is looked. */
  readonly at: readonly string[];
}

/** What a healthy controller shows, sample by sample, so often. */
const healthy = (samples: number): Record<string, string> => ({
  'rollcall_build_info{version="0.1.0"}': `1x${samples}`,
  'rollcall_last_success_timestamp_seconds{workspace="collections"}': `0+60x${samples}`,
  'rollcall_reconcile_interval_seconds{workspace="collections"}': `30x${samples}`,
  rollcall_source_last_success_timestamp_seconds: `0+60x${samples}`,
  rollcall_source_interval_seconds: `30x${samples}`,
  'rollcall_campaigns{workspace="collections",state="terminal"}': `0x${samples}`,
  'rollcall_campaigns{workspace="collections",state="completed"}': `0+1x${samples}`,
  'rollcall_platform_requests_total{workspace="collections",operation="list",code="200"}': `0+2x${samples}`,
  'rollcall_rate_slots{workspace="collections"}': `5x${samples}`,
  'rollcall_rate_used{workspace="collections"}': `1x${samples}`,
  'rollcall_declarations{validity="invalid"}': `0x${samples}`,
  'rollcall_trouble{workspace="collections",reason="Unauthorised"}': `0x${samples}`,
  'rollcall_contested_total{workspace="collections"}': `0x${samples}`,
  'rollcall_unexpected_errors_total{work="turn"}': `0x${samples}`,
});

/** What is not worth waking anybody for. */
export const QUIET: readonly Quiet[] = [
  {
    name: 'a quiet weekend, in which campaigns complete',
    interval: '1m',
    series: healthy(2880),
    at: ['1h', '24h', '48h'],
  },
  {
    name: 'a clean restart',
    interval: '1m',
    series: {
      ...healthy(60),
      'rollcall_build_info{version="0.1.0"}': '1x20 _ _ 1x38',
      'rollcall_last_success_timestamp_seconds{workspace="collections"}': '0+60x20 _ _ 0 0 1500+60x36',
      rollcall_source_last_success_timestamp_seconds: '0+60x20 _ _ 0 1440+60x37',
    },
    at: ['20m', '22m', '24m', '26m', '30m', '50m'],
  },
  {
    name: 'a commit of 500 changes, made within its time',
    interval: '1m',
    series: {
      ...healthy(60),
      'rollcall_last_success_timestamp_seconds{workspace="collections"}': '0+60x20 1200x4 1500+60x35',
      'rollcall_actions_total{workspace="collections",action="pause",outcome="applied"}':
        '0x20 0+125x4 500x36',
      'rollcall_oldest_difference_timestamp_seconds{workspace="collections",cause="pending"}':
        '_x20 1200x4 _x36',
      'rollcall_dialling_against_git_oldest_timestamp_seconds{workspace="collections"}': '_x20 1200x4 _x36',
      'rollcall_rate_used{workspace="collections"}': '1x20 5x4 1x36',
    },
    at: ['21m', '23m', '25m', '27m', '35m', '55m'],
  },
  {
    name: 'one request that failed',
    interval: '1m',
    series: {
      ...healthy(60),
      'rollcall_platform_requests_total{workspace="collections",operation="list",code="500"}': '0x20 1x40',
      'rollcall_trouble{workspace="collections",reason="LiveReadFailed"}': '0x20 1 0x39',
    },
    at: ['20m', '21m', '25m', '31m', '50m'],
  },
  {
    name: 'a planned hold that ends next week',
    interval: '1m',
    series: {
      ...healthy(600),
      'rollcall_blocked{workspace="collections",reason="hold"}': '1x600',
      'rollcall_hold_expiry_timestamp_seconds{workspace="collections"}': '604800x600',
      'rollcall_campaign_hold_expiry_timestamp_seconds{workspace="collections",campaign="camp-1",name="q1"}':
        '604800x600',
    },
    at: ['10m', '1h', '9h'],
  },
  {
    name: 'drift that is corrected at the next poll',
    interval: '1m',
    series: {
      ...healthy(60),
      'rollcall_oldest_difference_timestamp_seconds{workspace="collections",cause="drifted"}':
        '_x20 1190 _x39',
      'rollcall_dialling_against_git_oldest_timestamp_seconds{workspace="collections"}': '_x20 1190 _x39',
    },
    at: ['20m', '21m', '30m', '33m'],
  },
  {
    name: 'an interval far below that of the scrapes',
    interval: '1m',
    series: {
      ...healthy(60),
      'rollcall_last_success_timestamp_seconds{workspace="collections"}': '-20+60x60',
      'rollcall_reconcile_interval_seconds{workspace="collections"}': '5x60',
      rollcall_source_last_success_timestamp_seconds: '-20+60x60',
      rollcall_source_interval_seconds: '5x60',
    },
    at: ['15m30s', '30m55s', '50m'],
  },
];
