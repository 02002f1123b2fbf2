/** One moment by both clocks: the time of day, and `Clock.ticks`. */
export interface Moment {
  readonly now: number;
  readonly ticks: number;
}
