import {ownText, sharedLabels, sharedText} from '../document/own-text.ts';
import type {Declaration} from '../domain/campaign.ts';
import type {CampaignDocument} from './schema.ts';

/** What a valid document declares. */
export const toDeclaration = (
  {metadata, spec}: CampaignDocument,
  file: string,
  line: number,
): Declaration => {
  const {campaignId, confirmCancel, desiredStatus, hold, mode, reason, timetable, workspace} = spec;
  return {
    workspace: sharedText(workspace),
    campaignId: ownText(campaignId),
    name: ownText(metadata.name),
    labels: sharedLabels(metadata.labels ?? {}),
    desired: desiredStatus,
    ...(reason !== undefined && {reason: ownText(reason)}),
    ...(mode !== undefined && {mode}),
    ...(hold && {
      hold: {
        reason: hold.reason,
        ...(hold.owner !== undefined && {owner: hold.owner}),
        ...(hold.until !== undefined && {until: Date.parse(hold.until)}),
      },
    }),
    ...(confirmCancel !== undefined && {confirmCancel}),
    ...(timetable && {timetable: defined(timetable)}),
    source: {file, line},
  };
};

/** The same without keys that are there and say nothing. */
const defined = <T extends object>(given: T): {[K in keyof T]?: Exclude<T[K], undefined>} =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
