import {fileURLToPath} from 'node:url';
import {Argument, type Command, Option} from 'commander';
import {toJson} from '../domain/text.ts';
import {completionScript, SHELLS, type Shell} from './completion.ts';
import {type End, examples, type Flags, format, positive, whole, worded} from './flags.ts';
import {SCHEMA_KINDS, type SchemaKind} from './formats.ts';
import {EXIT, exitHelp, type Io, print} from './io.ts';
import type {SimulateFlags} from './simulate.ts';
import type {ValidateFlags} from './validate.ts';

/** The example that comes with the program, so that it works in any folder. */
const EXAMPLE_SCENARIO = fileURLToPath(new URL('../../examples/scenario.yaml', import.meta.url));
const FASTEST = 100_000;

const addValidate = (program: Command, io: Io, end: End): void => {
  program
    .command('validate [paths...]')
    .description(
      'checks declarations without touching the platform: files and folders, campaigns/ where none is named; - reads standard input',
    )
    .addOption(format('text', 'json', 'github'))
    .addOption(worded('-c, --config <file>', 'also check that workspaces are in this configuration'))
    .addHelpText(
      'after',
      examples('validate', 'validate campaigns/growth --config rollcall.yaml', 'validate - < file.yaml'),
    )
    .addHelpText('after', exitHelp({ok: 'all are valid', failed: true, invalid: true, usage: true}))
    .action(async (paths: string[], flags: ValidateFlags) => {
      const {validate} = await import('./validate.ts');
      end(await validate(paths, flags, io));
    });
};

const addSchema = (program: Command, io: Io, end: End): void => {
  program
    .command('schema')
    .description(
      'prints a JSON Schema: of a declaration, of rollcall.yaml, or of what a command prints as JSON',
    )
    .addArgument(new Argument('[kind]', 'of what').choices(SCHEMA_KINDS).default('campaign'))
    .addHelpText('after', examples('schema', 'schema controller > rollcall.schema.json'))
    .addHelpText('after', exitHelp({ok: 'done', usage: true}))
    .action(async (kind: SchemaKind) => {
      const {SCHEMAS} = await import('./schemas.ts');
      print(io.stdout, toJson(SCHEMAS[kind](), 2));
      end(EXIT.ok);
    });
};

const addSimulate = (program: Command, io: Io, end: End): void => {
  program
    .command('simulate')
    .description('the platform’s stand-in, over HTTP on loopback; its base URL is the first line of output')
    .addOption(
      new Option('--port <n>', 'where to listen; 0 takes a free port').argParser(whole(0, 65_535)).default(0),
    )
    .addOption(
      new Option('--scenario <file>', 'what it starts with').default(
        EXAMPLE_SCENARIO,
        'the example that comes with Rollcall',
      ),
    )
    .addOption(
      new Option('--speed <x>', 'how many times faster its clock runs')
        .argParser(positive(FASTEST))
        .default(1),
    )
    .addHelpText('after', examples('simulate --port 4010', 'simulate --scenario my.yaml --speed 60'))
    .addHelpText('after', exitHelp({ok: 'it was told to stop', failed: true, usage: true}))
    .action(async (flags: SimulateFlags) => {
      const {simulate} = await import('./simulate.ts');
      end(await simulate(flags, io));
    });
};

const addCompletion = (program: Command, io: Io, end: End): void => {
  program
    .command('completion')
    .description('prints a script that completes commands and flags in a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .addHelpText(
      'after',
      `${examples('completion bash > /etc/bash_completion.d/rollcall', 'completion fish > ~/.config/fish/completions/rollcall.fish')}\n  $ source <(rollcall completion zsh)`,
    )
    .addHelpText('after', exitHelp({ok: 'done', usage: true}))
    .action((shell: Shell, _flags: Flags) => {
      print(io.stdout, completionScript(program, shell));
      end(EXIT.ok);
    });
};

/** The commands that ask neither Git nor the platform. */
export const addOfflineCommands = (program: Command, io: Io, end: End): void => {
  addValidate(program, io, end);
  addSchema(program, io, end);
  addSimulate(program, io, end);
  addCompletion(program, io, end);
};
