import {Argument, Command, CommanderError, Option} from 'commander';
import {VERSION} from '../version.ts';
import {configFlags, type End, type Flags, format, positive, whole, withConfig} from './flags.ts';
import {type GetFlags, get} from './get.ts';
import {EXIT, EXIT_HELP, type ExitCode, type Io, print} from './io.ts';
import {addReviewCommands} from './review-commands.ts';
import {run} from './run.ts';
import {SCHEMAS} from './schemas.ts';
import {type SimulateFlags, simulate} from './simulate.ts';
import {type ValidateFlags, validate} from './validate.ts';

const DEFAULT_SCENARIO = 'examples/scenario.yaml';

const addController = (program: Command, io: Io, end: End): void => {
  withConfig(program.command('run'), io.env)
    .description('the controller: keeps the platform as Git wants it, until it is told to stop')
    .option('--once', 'one pass that goes on until nothing is left to do now, then exit')
    .option('--dry-run', 'everything but the actions')
    .action(async (flags: Flags) =>
      end(
        await run(
          {...configFlags(flags), once: flags['once'] === true, dryRun: flags['dryRun'] === true},
          io,
        ),
      ),
    );
  withConfig(program.command('get [names...]'), io.env)
    .description('every campaign: desired, live, state; only reads')
    .addOption(format('table', 'json'))
    .action(async (names: string[], flags: Flags) =>
      end(await get(names, {...configFlags(flags), format: flags['format'] as GetFlags['format']}, io)),
    );
};

const addOffline = (program: Command, io: Io, end: End): void => {
  program
    .command('validate [paths...]')
    .description('checks declarations without touching the platform; - reads standard input')
    .addOption(format('text', 'json', 'github'))
    .option('-c, --config <file>', 'also check that workspaces are in this configuration')
    .action(async (paths: string[], flags: ValidateFlags) => end(await validate(paths, flags, io)));
  program
    .command('schema')
    .description('prints the JSON Schema of a declaration, or of what a command prints as JSON')
    .addArgument(new Argument('[kind]', 'of what').choices(Object.keys(SCHEMAS)).default('campaign'))
    .action((kind: keyof typeof SCHEMAS) => {
      print(io.stdout, JSON.stringify(SCHEMAS[kind](), undefined, 2));
      end(EXIT.ok);
    });
  program
    .command('simulate')
    .description('the platform’s stand-in, over HTTP on loopback; its base URL is the first line of output')
    .addOption(
      new Option('--port <n>', 'where to listen; 0 takes a free port').argParser(whole(0, 65_535)).default(0),
    )
    .option('--scenario <file>', 'what it starts with', DEFAULT_SCENARIO)
    .addOption(
      new Option('--speed <x>', 'how many times faster its clock runs').argParser(positive).default(1),
    )
    .action(async (flags: SimulateFlags) => end(await simulate(flags, io)));
};

const createProgram = (io: Io, end: End): Command => {
  const program = new Command('rollcall')
    .description('GitOps for calling campaigns: Git says what each campaign’s status should be.')
    .version(VERSION)
    .showHelpAfterError('(see --help)')
    .exitOverride()
    .configureOutput({
      writeOut: text => io.stdout.write(text),
      writeErr: text => io.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', EXIT_HELP);
  addController(program, io, end);
  addReviewCommands(program, io, end);
  addOffline(program, io, end);
  for (const command of program.commands)
    command.copyInheritedSettings(program).addHelpText('after', EXIT_HELP);
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
    print(io.stderr, `rollcall: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return EXIT.failed;
  }
};
