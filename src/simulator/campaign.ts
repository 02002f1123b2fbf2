/** A campaign on the simulated platform. Times are epoch milliseconds of the simulated clock. */
export interface SimulatedCampaign {
  readonly campaignId: string;
  readonly name: string;
  readonly description: string | null;
  /** As it was given, whole: with its `app_id`, `app_version` and whatever else. */
  readonly appConfig: Readonly<Record<string, unknown>>;
  readonly status: string;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly updatedBy: string | null;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly allowedSchedule: AllowedSchedule | null;
  /** Milliseconds of being active after which every contact has been dialled; null: never before the end. */
  readonly dialsFor: number | null;
}

export interface AllowedSchedule {
  readonly allowed_start_time: string;
  readonly allowed_end_time: string;
  readonly allowed_days: readonly string[];
  readonly timezone?: string | undefined;
}

/** What of the platform's behaviour is not documented, or may be otherwise for another customer. */
export interface Rules {
  /** How many campaigns of an organisation may be active or scheduled at once, and how one more is refused. */
  readonly concurrentCampaigns: {readonly limit: number; readonly code: 422 | 429};
  /** Whether a scheduled campaign becomes active in its window, or only inside its allowed hours as well. */
  readonly activeWithin: 'window' | 'hours';
  /** Whether what happens by itself sets `updated_at`. */
  readonly automaticTransitionsTouch: boolean;
}

/** What the platform does unless a scenario says otherwise. */
export const DEFAULT_RULES: Rules = {
  concurrentCampaigns: {limit: 10, code: 422},
  activeWithin: 'hours',
  automaticTransitionsTouch: true,
};

/** A request that was refused: the HTTP status, the platform's words for machines, and those for people. */
export interface Refusal {
  readonly status: 404 | 422 | 429;
  readonly message: string;
  readonly details: string;
}

export type Result<T> =
  | {readonly ok: true; readonly value: T}
  | {readonly ok: false; readonly refusal: Refusal};

const MESSAGES: Readonly<Record<Refusal['status'], string>> = {
  404: 'Not Found',
  422: 'Invalid Parameter',
  429: 'Quota Exceeded',
};

/** A refusal, in the platform's words. */
export const refuse = (status: Refusal['status'], details: string): {ok: false; refusal: Refusal} => ({
  ok: false,
  refusal: {status, message: MESSAGES[status], details},
});
