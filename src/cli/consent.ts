import {createInterface} from 'node:readline/promises';
import type {Checked} from '../controller/plan-check.ts';
import {counted} from '../domain/text.ts';
import type {Io} from './io.ts';
import {say} from './say.ts';

const cancelsOf = ({ready}: Checked): string[] =>
  ready.flatMap(({actions}) =>
    actions.flatMap(({action, declaration: {campaignId, name, workspace}}) =>
      action === 'cancel' ? [`${workspace}/${name} (${campaignId})`] : [],
    ),
  );

const isTerminal = (stream: object): boolean => 'isTTY' in stream && stream.isTTY === true;

/** Asks on a terminal whether what cannot be undone is meant; elsewhere it must have been said by a flag. */
export const isMeant = async (checked: Checked, {yes}: {readonly yes: boolean}, io: Io): Promise<boolean> => {
  const cancels = cancelsOf(checked);
  if (cancels.length === 0 || yes) return true;
  for (const name of cancels) say(io, `cancels, which cannot be undone: ${name}`);
  if (!isTerminal(io.stdin) || !isTerminal(io.stderr)) return false;
  const reading = createInterface({input: io.stdin, output: io.stderr});
  const answer = await reading
    .question(`Cancel ${counted(cancels.length, 'campaign')} for good? Only yes is accepted: `, {
      signal: io.stopping,
    })
    .catch(() => '');
  reading.close();
  return answer.trim() === 'yes';
};
