import type {Action} from '../domain/transitions.ts';

/** What a request is for: a poll, of a list or of one campaign; the read before an action, or the action itself. */
export type Purpose =
  | {readonly kind: 'poll'; readonly campaignId?: string}
  | {readonly kind: 'read' | 'act'; readonly action: Action; readonly campaignId: string};
