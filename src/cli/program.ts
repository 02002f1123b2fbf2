import {Argument, Command, CommanderError, InvalidArgumentError, Option} from 'commander';
import {OVERRIDES} from '../config/overrides.ts';
import {VERSION} from '../version.ts';
import {type ApplyFlags, apply} from './apply.ts';
import {exportLive} from './export.ts';
import {type GetFlags, get} from './get.ts';
import {init} from './init.ts';
import {EXIT, EXIT_HELP, type ExitCode, type Io, print} from './io.ts';
import {type PlanFlags, plan} from './plan.ts';
import {run} from './run.ts';
import {SCHEMAS} from './schemas.ts';
import {type SimulateFlags, simulate} from './simulate.ts';
import {type ValidateFlags, validate} from './validate.ts';

type Flags = Readonly<Record<string, unknown>>;

const DEFAULT_CONFIG = 'rollcall.yaml';
const DEFAULT_SCENARIO = 'examples/scenario.yaml';

const whole = (least: number, most: number) => (text: string) => {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
};

const positive = (text: string): number => {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It must be a number above 0.');
};

/** @param own flags of the command itself, which mean something else than the override of that name */
const withConfig = (command: Command, env: NodeJS.ProcessEnv, own: readonly string[] = []): Command => {
  const file = env['ROLLCALL_CONFIG'] || DEFAULT_CONFIG;
  command.option('-c, --config <file>', 'the configuration (or ROLLCALL_CONFIG)', file);
  for (const {flag, help, variable} of OVERRIDES) {
    if (own.includes(flag)) continue;
    command.addOption(new Option(`${flag} <value>`, `overrides ${help} (or ${variable})`));
  }
  return command;
};

const camelCase = (flag: string): string =>
  flag.replace(/^--/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const configFlags = (flags: Flags) => ({
  config: String(flags['config']),
  overrides: Object.fromEntries(
    OVERRIDES.map(({flag}) => [flag, flags[camelCase(flag)] as string | undefined] as const),
  ),
});

const format = (...choices: readonly string[]): Option =>
  new Option('--format <format>', 'how to print the result').choices(choices).default(choices[0]);

type End = (code: ExitCode) => void;

const text = (flags: Flags, name: string): string | undefined => flags[name] as string | undefined;

const addReview = (program: Command, io: Io, end: End): void => {
  withConfig(program.command('plan'), io.env)
    .description('what would be done now, and why; only reads')
    .option('--revision <rev>', 'plan this commit or branch, instead of the files on disk')
    .option('--base <rev>', 'tell what this change brings from what would happen without it')
    .addOption(format('text', 'json', 'markdown'))
    .option('--out <file>', 'save the plan, for rollcall apply')
    .action(async (flags: Flags) => {
      const [base, out, revision] = [text(flags, 'base'), text(flags, 'out'), text(flags, 'revision')];
      const given = {
        ...configFlags(flags),
        format: flags['format'] as PlanFlags['format'],
        ...(revision !== undefined && {revision}),
        ...(base !== undefined && {base}),
        ...(out !== undefined && {out}),
      };
      end(await plan(given, io));
    });
  withConfig(program.command('apply <planfile>'), io.env)
    .description('does just what a saved plan says, or refuses if the world has moved')
    .addOption(format('table', 'json'))
    .option('--allow-partial', 'leave out what has moved since the plan, and do the rest')
    .action(async (file: string, flags: Flags) => {
      const allowPartial = flags['allowPartial'] === true;
      const given = {...configFlags(flags), format: flags['format'] as ApplyFlags['format'], allowPartial};
      end(await apply(file, given, io));
    });
};

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

const addStart = (program: Command, io: Io, end: End): void => {
  withConfig(program.command('export'), io.env, ['--directory'])
    .description('writes declarations for what is live, to start a repository from; touches no existing file')
    .option('--workspace <name>', 'only the campaigns of this workspace')
    .option('--directory <dir>', 'where to write; default: where the configuration reads declarations')
    .action(async (flags: Flags) => {
      const [directory, workspace] = [text(flags, 'directory'), text(flags, 'workspace')];
      const given = {
        ...configFlags({...flags, directory: undefined}),
        ...(directory !== undefined && {directory}),
        ...(workspace !== undefined && {workspace}),
      };
      end(await exportLive(given, io));
    });
  program
    .command('init [directory]')
    .description('writes what a repository starts with: configuration, example, workflow, hook')
    .action((directory: string | undefined) => end(init(directory ?? '.', io)));
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
  addReview(program, io, end);
  addStart(program, io, end);
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
