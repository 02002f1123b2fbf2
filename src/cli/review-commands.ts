import type {Command} from 'commander';
import {type ApplyFlags, apply} from './apply.ts';
import {exportLive} from './export.ts';
import {configFlags, type End, type Flags, format, OF_CONTROLLER, text, withConfig, worded} from './flags.ts';
import {init} from './init.ts';
import type {Io} from './io.ts';
import {type PlanFlags, plan} from './plan.ts';

const addPlan = (program: Command, io: Io, end: End): void => {
  const command = program
    .command('plan')
    .description('what would be done now, and why; only reads')
    .addOption(worded('--revision <rev>', 'plan this commit or branch, instead of the files on disk'))
    .addOption(worded('--base <rev>', 'tell what this change brings from what would happen without it'))
    .addOption(format('text', 'json', 'markdown'))
    .addOption(worded('--out <file>', 'save the plan, for rollcall apply'));
  withConfig(command, io.env, OF_CONTROLLER).action(async (flags: Flags) => {
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
};

const addApply = (program: Command, io: Io, end: End): void => {
  const command = program
    .command('apply <planfile>')
    .description('does just what a saved plan says, or refuses if the world has moved')
    .addOption(format('table', 'json'))
    .option('--allow-partial', 'leave out what has moved since the plan, and do the rest');
  withConfig(command, io.env, OF_CONTROLLER).action(async (file: string, flags: Flags) => {
    const allowPartial = flags['allowPartial'] === true;
    const given = {...configFlags(flags), format: flags['format'] as ApplyFlags['format'], allowPartial};
    end(await apply({...given, file}, io));
  });
};

const addExport = (program: Command, io: Io, end: End): void => {
  const command = program
    .command('export')
    .description('writes declarations for what is live, to start a repository from; touches no existing file')
    .addOption(worded('--workspace <name>', 'only the campaigns of this workspace'))
    .addOption(
      worded('--directory <dir>', 'where to write; default: where the configuration reads declarations'),
    );
  withConfig(command, io.env, [...OF_CONTROLLER, '--directory']).action(async (flags: Flags) => {
    const [directory, workspace] = [text(flags, 'directory'), text(flags, 'workspace')];
    const given = {
      ...configFlags({...flags, directory: undefined}),
      ...(directory !== undefined && {directory}),
      ...(workspace !== undefined && {workspace}),
    };
    end(await exportLive(given, io));
  });
};

const addInit = (program: Command, io: Io, end: End): void => {
  program
    .command('init [directory]')
    .description('writes what a repository starts with: configuration, example, workflow, hook')
    .action((directory: string | undefined) => end(init(directory ?? '.', io)));
};

/** The commands of whoever reviews a change, or starts a repository. */
export const addReviewCommands = (program: Command, io: Io, end: End): void => {
  addPlan(program, io, end);
  addApply(program, io, end);
  addExport(program, io, end);
  addInit(program, io, end);
};
