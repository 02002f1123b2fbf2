import {Command, CommanderError} from 'commander';
import {nearest} from '../document/nearest.ts';
import {VERSION} from '../version.ts';
import {addAheadCommands} from './ahead-commands.ts';
import type {End} from './flags.ts';
import {ALL_EXITS, EXIT, type ExitCode, type Io, print} from './io.ts';
import {addOfflineCommands} from './offline-commands.ts';
import {addPastCommands} from './past-commands.ts';
import {plain} from './render.ts';
import {addReviewCommands} from './review-commands.ts';
import {addWatchCommands} from './watch-commands.ts';

/** Commander's own says of a verb that there is not nothing but the usage. */
const addHelp = (program: Command): void => {
  program
    .command('help [command]')
    .description('display help for command')
    .action((name: string | undefined) => {
      const command = program.commands.find(one => one.name() === name);
      if (name === undefined || command) (command ?? program).help();
      const near = nearest(
        name ?? '',
        program.commands.map(one => one.name()),
      );
      const hint = near === undefined ? '' : `\n(Did you mean ${near}?)`;
      program.error(`error: unknown command '${name}'${hint}`, {exitCode: EXIT.usage});
    })
    .copyInheritedSettings(program);
};

/** A message repeats what was given, but not the password in a URL. */
const withoutCredentials = (text: string): string => text.replaceAll(/:\/\/[^\s/@']*@/g, '://***@');

const createProgram = (io: Io, end: End): Command => {
  const program = new Command('rollcall')
    .description('GitOps for calling campaigns: Git says what each campaign’s status should be.')
    .version(VERSION)
    .showHelpAfterError('(see --help)')
    .exitOverride()
    .configureOutput({
      writeOut: text => io.stdout.write(text),
      writeErr: text => io.stderr.write(withoutCredentials(text)),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', ALL_EXITS);
  addWatchCommands(program, io, end);
  addPastCommands(program, io, end);
  addAheadCommands(program, io, end);
  addReviewCommands(program, io, end);
  addOfflineCommands(program, io, end);
  for (const command of program.commands) command.copyInheritedSettings(program);
  program.helpCommand(false);
  addHelp(program);
  return program;
};

/** Runs one command line (without the program's name); resolves with its exit code, and never rejects. */
export const rollcall = async (args: readonly string[], io: Io): Promise<ExitCode> => {
  let code: ExitCode = EXIT.ok;
  const program = createProgram(io, ended => {
    code = ended;
  });
  try {
    await program.parseAsync([...args], {from: 'user'});
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    print(
      io.stderr,
      `rollcall: an unexpected error, a fault of Rollcall’s own:\n${stack.split('\n').map(plain).join('\n')}`,
    );
    return EXIT.failed;
  }
};
