import type {Command} from 'commander';
import {
  configFlags,
  type End,
  examples,
  type Flags,
  format,
  serverFlag,
  serverOption,
  withConfig,
} from './flags.ts';
import {EVIDENCE_FORMATS, HISTORY_FORMATS} from './formats.ts';
import {exitHelp, type Io} from './io.ts';
import type {EvidenceFlags} from './past/evidence.ts';
import type {HistoryFlags} from './past/history.ts';
import {assertStretch, timeOption, timesOf} from './time-flags.ts';

const addHistory = (program: Command, io: Io, end: End): void => {
  withConfig(program.command('history [name]'), io.env, 'reader')
    .description('what was decided, done and seen, by name, id or workspace/name; * and ? allowed')
    .addOption(timeOption('--since <time>', 'from then on; a day back where it is not given'))
    .addOption(timeOption('--until <time>', 'before then'))
    .addOption(serverOption('its file', io.env))
    .addOption(format(...HISTORY_FORMATS))
    .addHelpText(
      'after',
      examples(
        'history',
        'history q1-payment-reminders --since 7d',
        'history --since 2026-11-01 -o csv',
        'history --server http://127.0.0.1:8080',
      ),
    )
    .addHelpText('after', exitHelp({ok: 'done', failed: 'failed, or there is no history here', usage: true}))
    .action(async (name: string | undefined, flags: Flags, command: Command) => {
      assertStretch(command, flags, 'since', 'until');
      const chosen = flags['format'] as HistoryFlags['format'];
      const given = {...configFlags(flags), ...serverFlag(flags), ...timesOf(flags, 'since', 'until')};
      const {history} = await import('./past/history.ts');
      end(await history(name, {...given, format: chosen}, io));
    });
};

const addEvidence = (program: Command, io: Io, end: End): void => {
  withConfig(program.command('evidence <name>'), io.env, 'reader')
    .description('when one campaign had which status, by whose commit or whose hand')
    .addOption(timeOption('--from <time>', 'from then on; from the beginning where it is not given'))
    .addOption(timeOption('--to <time>', 'up to then; until now where it is not given'))
    .addOption(serverOption('its file', io.env))
    .addOption(format(...EVIDENCE_FORMATS))
    .addHelpText(
      'after',
      examples(
        'evidence q1-payment-reminders --from 2026-10-01 --to 2026-11-01',
        'evidence collections/q1-payment-reminders -o json',
      ),
    )
    .addHelpText('after', exitHelp({ok: 'done', failed: 'failed, or no one such campaign', usage: true}))
    .action(async (name: string, flags: Flags, command: Command) => {
      assertStretch(command, flags, 'from', 'to');
      const chosen = flags['format'] as EvidenceFlags['format'];
      const given = {...configFlags(flags), ...serverFlag(flags), ...timesOf(flags, 'from', 'to')};
      const {evidence} = await import('./past/evidence.ts');
      end(await evidence(name, {...given, format: chosen}, io));
    });
};

/** The commands that tell of the past. */
export const addPastCommands = (program: Command, io: Io, end: End): void => {
  addHistory(program, io, end);
  addEvidence(program, io, end);
};
