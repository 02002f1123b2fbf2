/** A question that a metric answers, and the query that asks it. */
export interface Example {
  readonly asks: string;
  readonly query: string;
}

/** One example for each metric, by its name. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  rollcall_actions_total: {
    asks: 'How many actions of the last day were refused or came to nothing, by workspace?',
    query: 'sum by (workspace, action, outcome) (increase(rollcall_actions_total{outcome!="applied"}[1d]))',
  },
  rollcall_blocked: {
    asks: 'How many campaigns are kept from what Git wants, and by what?',
    query: 'sum by (workspace, reason) (rollcall_blocked)',
  },
  rollcall_build_info: {
    asks: 'Which versions run?',
    query: 'count by (version) (rollcall_build_info)',
  },
  rollcall_campaign_contested: {
    asks: 'Who works against Git?',
    query: 'max by (workspace, name, changed_by) (rollcall_campaign_contested)',
  },
  rollcall_campaign_difference_omitted: {
    asks: 'Is the list of differences whole?',
    query: 'sum by (workspace) (rollcall_campaign_difference_omitted)',
  },
  rollcall_campaign_difference_timestamp_seconds: {
    asks: 'Which campaigns have differed from Git for longest?',
    query: 'topk(10, time() - rollcall_campaign_difference_timestamp_seconds)',
  },
  rollcall_campaign_drifted: {
    asks: 'Which campaigns are drifted now?',
    query: 'rollcall_campaign_drifted',
  },
  rollcall_campaign_drifted_omitted: {
    asks: 'How many drifted campaigns have no series?',
    query: 'sum by (workspace) (rollcall_campaign_drifted_omitted)',
  },
  rollcall_campaign_hold_expiry_timestamp_seconds: {
    asks: 'Which holds have no end?',
    query: 'rollcall_campaign_hold_expiry_timestamp_seconds == Inf',
  },
  rollcall_campaigns: {
    asks: 'How many campaigns are in which state?',
    query: 'sum by (state) (max by (workspace, state) (rollcall_campaigns))',
  },
  rollcall_clock_jumps_total: {
    asks: 'Did somebody set the clock?',
    query: 'increase(rollcall_clock_jumps_total[1d])',
  },
  rollcall_condition: {
    asks: 'Is Rollcall ready?',
    query: 'min(rollcall_condition{type="Ready",status="True"})',
  },
  rollcall_config_info: {
    asks: 'Do all replicas go by one configuration?',
    query: 'count by (digest) (rollcall_config_info)',
  },
  rollcall_config_last_reload_success_timestamp_seconds: {
    asks: 'How old is the configuration in force?',
    query: 'time() - rollcall_config_last_reload_success_timestamp_seconds',
  },
  rollcall_config_last_reload_successful: {
    asks: 'Is the configuration’s file what is in force?',
    query: 'rollcall_config_last_reload_successful',
  },
  rollcall_contested_total: {
    asks: 'How often was a campaign moved again soon after its correction?',
    query: 'sum by (workspace) (increase(rollcall_contested_total[1h]))',
  },
  rollcall_convergence_seconds: {
    asks: 'How long does a commit take to its campaigns?',
    query: 'histogram_quantile(0.99, sum by (le) (rate(rollcall_convergence_seconds_bucket[1h])))',
  },
  rollcall_declarations: {
    asks: 'Are there declarations that are held for being invalid?',
    query: 'max by (validity) (rollcall_declarations)',
  },
  rollcall_dialling_against_git: {
    asks: 'Who is called although Git wants silence?',
    query: 'sum by (workspace) (rollcall_dialling_against_git)',
  },
  rollcall_dialling_against_git_oldest_timestamp_seconds: {
    asks: 'For how long?',
    query: 'time() - min by (workspace) (rollcall_dialling_against_git_oldest_timestamp_seconds)',
  },
  rollcall_drift_detected_total: {
    asks: 'How often did somebody change campaigns behind Git’s back?',
    query: 'sum by (workspace) (increase(rollcall_drift_detected_total[1d]))',
  },
  rollcall_history_lost_total: {
    asks: 'Is the history whole?',
    query: 'rollcall_history_lost_total',
  },
  rollcall_history_records_total: {
    asks: 'How much is written into the history?',
    query: 'rate(rollcall_history_records_total[5m])',
  },
  rollcall_hold_expiry_timestamp_seconds: {
    asks: 'When does the next hold end?',
    query: 'min by (workspace) (rollcall_hold_expiry_timestamp_seconds) - time()',
  },
  rollcall_last_success_timestamp_seconds: {
    asks: 'How old is what is known of each workspace?',
    query: 'time() - max by (workspace) (rollcall_last_success_timestamp_seconds)',
  },
  rollcall_leader: {
    asks: 'Which workspaces does nobody lead?',
    query: 'max by (lease) (rollcall_leader) == 0',
  },
  rollcall_notification_oldest_pending_timestamp_seconds: {
    asks: 'For how long has a message waited?',
    query: 'time() - rollcall_notification_oldest_pending_timestamp_seconds',
  },
  rollcall_notifications_pending: {
    asks: 'How many messages wait?',
    query: 'sum by (receiver) (rollcall_notifications_pending)',
  },
  rollcall_notifications_total: {
    asks: 'How do deliveries end?',
    query: 'sum by (receiver, result) (increase(rollcall_notifications_total[1h]))',
  },
  rollcall_oldest_difference_timestamp_seconds: {
    asks: 'For how long has drift stood?',
    query: 'time() - min by (workspace) (rollcall_oldest_difference_timestamp_seconds{cause="drifted"})',
  },
  rollcall_platform_request_duration_seconds: {
    asks: 'How fast does the platform answer?',
    query:
      'histogram_quantile(0.99, sum by (le, operation) (rate(rollcall_platform_request_duration_seconds_bucket[5m])))',
  },
  rollcall_platform_requests_total: {
    asks: 'What does the platform answer?',
    query: 'sum by (workspace, code) (rate(rollcall_platform_requests_total[5m]))',
  },
  rollcall_queue_depth: {
    asks: 'How many requests wait for a slot?',
    query: 'sum by (workspace) (rollcall_queue_depth)',
  },
  rollcall_queue_wait_seconds: {
    asks: 'How long do they wait?',
    query: 'histogram_quantile(0.99, sum by (le) (rate(rollcall_queue_wait_seconds_bucket[5m])))',
  },
  rollcall_rate_slots: {
    asks: 'What rate is configured?',
    query: 'max by (workspace) (rollcall_rate_slots)',
  },
  rollcall_rate_used: {
    asks: 'How much of the rate is used?',
    query:
      'max by (workspace) (avg_over_time(rollcall_rate_used[10m])) / max by (workspace) (rollcall_rate_slots)',
  },
  rollcall_reconcile_duration_seconds: {
    asks: 'How long does a pass take?',
    query: 'histogram_quantile(0.99, sum by (le) (rate(rollcall_reconcile_duration_seconds_bucket[5m])))',
  },
  rollcall_reconcile_interval_seconds: {
    asks: 'Has a workspace missed three intervals?',
    query: 'time() - rollcall_last_success_timestamp_seconds > 3 * rollcall_reconcile_interval_seconds',
  },
  rollcall_reconcile_total: {
    asks: 'How many passes fail?',
    query: 'sum by (workspace, result) (rate(rollcall_reconcile_total[5m]))',
  },
  rollcall_source_fetch_total: {
    asks: 'How many reads of the source fail?',
    query: 'sum by (result) (increase(rollcall_source_fetch_total[1h]))',
  },
  rollcall_source_interval_seconds: {
    asks: 'Has the source not been read for three intervals?',
    query: 'time() - rollcall_source_last_success_timestamp_seconds > 3 * rollcall_source_interval_seconds',
  },
  rollcall_source_last_success_timestamp_seconds: {
    asks: 'When was the source last read?',
    query: 'time() - rollcall_source_last_success_timestamp_seconds',
  },
  rollcall_source_revision_timestamp_seconds: {
    asks: 'Which commit is in force, and how old is it?',
    query: 'time() - max by (revision) (rollcall_source_revision_timestamp_seconds)',
  },
  rollcall_terminal_detected_total: {
    asks: 'How often was a campaign cancelled against Git?',
    query: 'sum by (workspace) (increase(rollcall_terminal_detected_total[1d]))',
  },
  rollcall_trouble: {
    asks: 'What keeps workspaces, or the source, from being read?',
    query: 'max by (workspace, reason) (rollcall_trouble) > 0',
  },
  rollcall_webhook_deliveries_total: {
    asks: 'Does the host of the repository tell of pushes, and are they taken?',
    query: 'sum by (result) (increase(rollcall_webhook_deliveries_total[1d]))',
  },
  rollcall_timetable_due: {
    asks: 'How many campaigns have yet to open or close by their timetable?',
    query: 'sum by (workspace, direction) (rollcall_timetable_due)',
  },
  rollcall_timetable_due_edge_timestamp_seconds: {
    asks: 'For how long? Below zero: the closing is under way, and in time.',
    query: 'time() - min by (workspace, direction) (rollcall_timetable_due_edge_timestamp_seconds)',
  },
  rollcall_unexpected_errors_total: {
    asks: 'Did the program itself fail?',
    query: 'sum by (work) (increase(rollcall_unexpected_errors_total[1d]))',
  },
};
