/** Hours of a day, in minutes since its midnight; those that reach past it end after 1,440. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

/** A stretch of time with what is said of it. Epoch milliseconds; the end belongs to it no more. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** Which holidays count: those of a country, or of a region of it, of these types. */
export interface HolidayRule {
  readonly country: string;
  readonly region?: string;
  readonly types: readonly string[];
}

/** The names of the holidays of a year, by their date (`2026-12-25`); undefined where nobody knows them. */
export type Holidays = (rule: HolidayRule, year: number) => ReadonlyMap<string, string> | undefined;

/** When campaigns may be called, as a document says it. */
export interface CalendarSpec {
  readonly name: string;
  /** An IANA time zone. */
  readonly timezone: string;
  /** The hours of each day, Monday first; without it, it is always open but for the rest. */
  readonly weekly?: readonly (readonly Hours[])[];
  readonly holidays?: HolidayRule;
  /** Closed whatever else is said. */
  readonly closed: readonly Span[];
  /** Open whatever holidays and the hours of the week say. */
  readonly open: readonly Span[];
  readonly source: {readonly file: string; readonly line: number};
}
