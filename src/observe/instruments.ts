import {Counter, Gauge, Histogram, type Registry} from 'prom-client';

/** Seconds from a commit to its campaigns: a few, or as long as the rate makes it. */
const CONVERGENCE = [1, 5, 10, 30, 60, 300, 1800];
/** Seconds of a pass: nothing to do, or up to a thousand actions. */
const PASS = [0.1, 1, 10, 60];
/** Seconds of a request, up to where it is given up. */
const REQUEST = [0.1, 0.25, 0.5, 1, 5];
/** Seconds that a request waits for a slot. */
const WAIT = [0.1, 1, 10, 60];

const campaignInstruments = (registers: Registry[]) => ({
  driftDetected: new Counter({
    name: 'rollcall_drift_detected_total',
    help: 'Campaigns that were in place and were found changed from outside.',
    labelNames: ['workspace'],
    registers,
  }),
  terminal: new Counter({
    name: 'rollcall_terminal_detected_total',
    help: 'Campaigns that were found cancelled against Git, which nothing can undo.',
    labelNames: ['workspace'],
    registers,
  }),
  contested: new Counter({
    name: 'rollcall_contested_total',
    help: 'Campaigns that drifted again within an hour of being corrected.',
    labelNames: ['workspace'],
    registers,
  }),
  actions: new Counter({
    name: 'rollcall_actions_total',
    help: 'Actions attempted, by how they ended.',
    labelNames: ['workspace', 'action', 'outcome'],
    registers,
  }),
  convergence: new Histogram({
    name: 'rollcall_convergence_seconds',
    help: 'From a revision being seen to a campaign that it changed being satisfied or awaiting.',
    labelNames: ['workspace'],
    buckets: CONVERGENCE,
    registers,
  }),
});

const passInstruments = (registers: Registry[]) => ({
  reconciles: new Counter({
    name: 'rollcall_reconcile_total',
    help: 'Passes, by result.',
    labelNames: ['workspace', 'result'],
    registers,
  }),
  reconcileSeconds: new Histogram({
    name: 'rollcall_reconcile_duration_seconds',
    help: 'Duration of one pass.',
    labelNames: ['workspace'],
    buckets: PASS,
    registers,
  }),
  lastSuccess: new Gauge({
    name: 'rollcall_last_success_timestamp_seconds',
    help: 'End of the last pass in which nothing failed; 0 where none was yet.',
    labelNames: ['workspace'],
    registers,
  }),
});

const sourceInstruments = (registers: Registry[]) => ({
  fetches: new Counter({
    name: 'rollcall_source_fetch_total',
    help: 'Reads of the source, by result.',
    labelNames: ['result'],
    registers,
  }),
  sourceSuccess: new Gauge({
    name: 'rollcall_source_last_success_timestamp_seconds',
    help: 'When the source was last read; 0 where it was not yet.',
    registers,
  }),
  deliveries: new Counter({
    name: 'rollcall_webhook_deliveries_total',
    help: 'Pushes that were told by webhook; ignored: of another branch, refused: not signed by the secret, or too large.',
    labelNames: ['result'],
    registers,
  }),
  revision: new Gauge({
    name: 'rollcall_source_revision_timestamp_seconds',
    help: 'Commit time of the revision in force.',
    labelNames: ['revision'],
    registers,
  }),
  declarations: new Gauge({
    name: 'rollcall_declarations',
    help: 'Declarations in the revision in force, by validity.',
    labelNames: ['validity'],
    registers,
  }),
});

const platformInstruments = (registers: Registry[]) => ({
  requests: new Counter({
    name: 'rollcall_platform_requests_total',
    help: 'Requests to the platform, by HTTP status code (error: no answer).',
    labelNames: ['workspace', 'operation', 'code'],
    registers,
  }),
  requestSeconds: new Histogram({
    name: 'rollcall_platform_request_duration_seconds',
    help: 'Duration of requests to the platform.',
    labelNames: ['workspace', 'operation'],
    buckets: REQUEST,
    registers,
  }),
  depth: new Gauge({
    name: 'rollcall_queue_depth',
    help: 'Requests waiting for a slot.',
    labelNames: ['workspace'],
    registers,
  }),
  wait: new Histogram({
    name: 'rollcall_queue_wait_seconds',
    help: 'Time that requests waited for a slot.',
    labelNames: ['workspace'],
    buckets: WAIT,
    registers,
  }),
});

const historyInstruments = (registers: Registry[]) => ({
  recorded: new Counter({
    name: 'rollcall_history_records_total',
    help: 'Records written into the history.',
    registers,
  }),
  lost: new Counter({
    name: 'rollcall_history_lost_total',
    help: 'Records of the history that were lost, since its file could not be written.',
    registers,
  }),
});

const notificationInstruments = (registers: Registry[]) => ({
  notifications: new Counter({
    name: 'rollcall_notifications_total',
    help: 'Deliveries of messages that were tried, by how they ended; abandoned: given up after many tries.',
    labelNames: ['receiver', 'result'],
    registers,
  }),
});

const processInstruments = (registers: Registry[]) => ({
  unexpected: new Counter({
    name: 'rollcall_unexpected_errors_total',
    help: 'Faults of the program itself, by the work that each ended; the work is tried again.',
    labelNames: ['work'],
    registers,
  }),
  clockJumps: new Counter({
    name: 'rollcall_clock_jumps_total',
    help: 'Times that the time of day was found set, or the machine had slept.',
    registers,
  }),
  configInfo: new Gauge({
    name: 'rollcall_config_info',
    help: 'The configuration in force, by a digest of its file; always 1.',
    labelNames: ['digest'],
    registers,
  }),
  configSuccess: new Gauge({
    name: 'rollcall_config_last_reload_successful',
    help: 'Whether the configuration’s file, as it was last read, is in force.',
    registers,
  }),
  configLoaded: new Gauge({
    name: 'rollcall_config_last_reload_success_timestamp_seconds',
    help: 'When the configuration in force was read.',
    registers,
  }),
});

/** Every metric that is fed by what happens, in `registry`; their names are a contract with users. */
export const createInstruments = (registry: Registry) => ({
  ...campaignInstruments([registry]),
  ...passInstruments([registry]),
  ...sourceInstruments([registry]),
  ...platformInstruments([registry]),
  ...historyInstruments([registry]),
  ...notificationInstruments([registry]),
  ...processInstruments([registry]),
});

export type Instruments = ReturnType<typeof createInstruments>;
