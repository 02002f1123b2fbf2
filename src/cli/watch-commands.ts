import type {Command} from 'commander';
import {
  configFlags,
  type End,
  examples,
  type Flags,
  format,
  selectionOf,
  serverFlag,
  serverOption,
  withConfig,
  withSelection,
} from './flags.ts';
import {GET_FORMATS} from './formats.ts';
import type {GetFlags} from './get.ts';
import {exitHelp, type Io} from './io.ts';

const addRun = (program: Command, io: Io, end: End): void => {
  withConfig(program.command('run'), io.env, 'controller')
    .description('the controller: keeps the platform as Git wants it, until it is told to stop')
    .option('--once', 'one pass that goes on until nothing is left to do now, then exit')
    .option('--dry-run', 'everything but the actions')
    .addHelpText('after', examples('run', 'run --once --dry-run', 'run --config prod.yaml --http-port 9090'))
    .addHelpText(
      'after',
      exitHelp({
        ok: 'it was told to stop; with --once: done, and nothing is left to do',
        failed: true,
        differs: 'with --once: something differs that nothing was sent for',
        invalid: true,
        guarded: 'with --once: the revision declares nothing, where there were declarations before',
        usage: true,
      }),
    )
    .action(async (flags: Flags) => {
      const given = {once: flags['once'] === true, dryRun: flags['dryRun'] === true};
      const {run} = await import('./run.ts');
      end(await run({...configFlags(flags), ...given}, io));
    });
};

const addGet = (program: Command, io: Io, end: End): void => {
  const command = withConfig(program.command('get [names...]'), io.env, 'watcher')
    .description(
      'campaigns: desired, live, state; by name, id or workspace/name, * and ? allowed; only reads',
    )
    .addOption(format(...GET_FORMATS))
    .option('-w, --watch', 'go on, and show what changes')
    .addOption(serverOption('source and platform', io.env));
  withSelection(command)
    .addHelpText(
      'after',
      examples(
        'get',
        'get q1-payment-reminders',
        "get 'collections/q1-*' -o wide",
        'get --state drifted -l team=billing',
        'get -o json',
        'get --server http://127.0.0.1:8080',
      ),
    )
    .addHelpText(
      'after',
      exitHelp({ok: true, failed: 'failed, or no such campaign', differs: true, invalid: true, usage: true}),
    )
    .action(async (names: string[], flags: Flags) => {
      const given = {
        ...configFlags(flags),
        ...serverFlag(flags),
        format: flags['format'] as GetFlags['format'],
        selection: selectionOf(flags),
        watch: flags['watch'] === true,
      };
      const {get} = await import('./get.ts');
      end(await get(names, given, io));
    });
};

const addDoctor = (program: Command, io: Io, end: End): void => {
  withConfig(program.command('doctor'), io.env, 'controller')
    .description('checks everything that an operator can get wrong, each with its remedy; only reads')
    .addOption(format('text', 'json'))
    .addHelpText('after', examples('doctor', 'doctor --config prod.yaml -o json'))
    .addHelpText('after', exitHelp({ok: 'nothing is wrong', failed: 'something is wrong', usage: true}))
    .action(async (flags: Flags) => {
      const {doctor} = await import('./doctor.ts');
      end(await doctor({...configFlags(flags), format: flags['format'] as 'text' | 'json'}, io));
    });
};

/** The commands of whoever operates Rollcall. */
export const addWatchCommands = (program: Command, io: Io, end: End): void => {
  addRun(program, io, end);
  addGet(program, io, end);
  addDoctor(program, io, end);
};
