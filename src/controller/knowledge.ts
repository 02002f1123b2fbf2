import type {LiveCampaign} from '../domain/campaign.ts';
import type {Sighting} from './ports.ts';
import type {Sent} from './store/sighted.ts';

/** What is known of live campaigns, as a turn needs it and adds to it. Times are `Clock.ticks`. */
export interface Knowledge {
  /** The campaign and when it was asked for, if that is fresh enough to act on. */
  fresh(campaignId: string, ticks: number): Sighting | undefined;
  /** The status as it is known now, as a word. */
  statusOf(campaignId: string): string | undefined;
  /** Takes in a Get that was sent at `askedAt`. */
  confirm(campaign: LiveCampaign, askedAt: number): void;
  /** Remembers what is about to be sent, so that its effect is known for ours, however late it shows. */
  sending(campaignId: string, sent: Sent, keysUsed: number): void;
  /** What was sent has certainly had no effect. */
  unsent(campaignId: string, sent: Sent): void;
  /** Takes in the answer to an action of ours, which came at `at`: nothing that was known before outweighs it. */
  believe(campaign: LiveCampaign, at: number, sent: Sent): void;
  miss(campaignId: string, ticks: number): void;
  /** Says that nothing may be acted on before the campaign was read again. */
  doubt(campaignId: string): void;
}
