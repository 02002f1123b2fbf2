import type {Registry} from 'prom-client';
import {inSeconds, scrapedGauge} from './gauge.ts';

/** A receiver of messages, and what waits for it. */
export interface Receiver {
  readonly name: string;
  readonly waiting: () => number;
  /** When what has waited longest was put in: epoch milliseconds; undefined where nothing waits. */
  readonly oldest: () => number | undefined;
}

/** Shows what waits for each receiver. */
export const watchReceivers = (registry: Registry, receivers: readonly Receiver[]): void => {
  scrapedGauge(
    registry,
    {
      name: 'rollcall_notifications_pending',
      help: 'Messages that wait to be delivered.',
      labels: ['receiver'],
    },
    show => {
      for (const {name, waiting} of receivers) show({receiver: name}, waiting());
    },
  );
  scrapedGauge(
    registry,
    {
      name: 'rollcall_notification_oldest_pending_timestamp_seconds',
      help: 'Since when the first message waits that has not been delivered; no series where none does.',
      labels: ['receiver'],
    },
    show => {
      for (const {name, oldest} of receivers) {
        const since = oldest();
        if (since !== undefined) show({receiver: name}, inSeconds(since));
      }
    },
  );
};
