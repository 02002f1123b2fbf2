/** How a check ended: what is so, and what to do where that is not good. */
export interface CheckResult {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly message: string;
  readonly remedy?: string;
}

export const ok = (check: string, message: string): CheckResult => ({check, status: 'ok', message});
export const skipped = (check: string, message: string): CheckResult => ({check, status: 'skipped', message});
export const warning = (check: string, message: string, remedy: string): CheckResult => ({
  check,
  status: 'warning',
  message,
  remedy,
});
export const failed = (check: string, message: string, remedy: string): CheckResult => ({
  check,
  status: 'failed',
  message,
  remedy,
});
