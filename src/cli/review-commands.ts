import type {Command, Option} from 'commander';
import type {ApplyFlags} from './apply.ts';
import {configFlags, type End, examples, type Flags, format, text, withConfig, worded} from './flags.ts';
import {exitHelp, type Io} from './io.ts';
import type {PlanFlags} from './plan.ts';
import {momentOption, timesOf} from './time-flags.ts';

const planFlags = (flags: Flags): PlanFlags => {
  const [base, out, revision] = [text(flags, 'base'), text(flags, 'out'), text(flags, 'revision')];
  return {
    ...configFlags(flags),
    format: flags['format'] as PlanFlags['format'],
    exitZero: flags['exitZero'] === true,
    ...(revision !== undefined && {revision}),
    ...(base !== undefined && {base}),
    ...(out !== undefined && {out}),
    ...timesOf(flags, 'asOf'),
  };
};

const PLAN_EXAMPLES = examples(
  'plan --base main',
  'plan --revision HEAD~1',
  'plan --base main --out plan.json',
  'plan --as-of 2026-12-24T12:00:00+05:30',
);

const PLAN_EXITS = exitHelp({
  ok: 'nothing would be done',
  failed: true,
  differs: 'something would be done, or differs',
  invalid: 'declarations are invalid, or ask for what can never come true',
  guarded:
    'the revision declares nothing, where its base does, or more is done at once than a limit lets through',
  usage: true,
});

const asOf = (): Option =>
  momentOption('--as-of <time>', 'plan as if it were then: with live statuses as they are now').conflicts(
    'out',
  );

const addPlan = (program: Command, io: Io, end: End): void => {
  const command = program
    .command('plan')
    .description('what would be done now, and why; only reads')
    .addOption(worded('--revision <rev>', 'plan this commit or branch, instead of the files on disk'))
    .addOption(worded('--base <rev>', 'tell what this change brings from what would happen without it'))
    .addOption(asOf())
    .addOption(format('text', 'json', 'markdown'))
    .addOption(worded('--out <file>', 'save the plan, for rollcall apply'))
    .option('--exit-zero', 'end with 0, not 2, where something would be done: for scripts under set -e')
    .addHelpText('after', PLAN_EXAMPLES)
    .addHelpText('after', PLAN_EXITS);
  withConfig(command, io.env, 'reader').action(async (flags: Flags) => {
    const {plan} = await import('./plan.ts');
    end(await plan(planFlags(flags), io));
  });
};

const addApply = (program: Command, io: Io, end: End): void => {
  const command = program
    .command('apply <planfile>')
    .description('does just what a saved plan says, or refuses if the world has moved')
    .addOption(format('table', 'json'))
    .option('--allow-partial', 'leave out what has moved since the plan, and do the rest')
    .option('--unmerged', 'apply what is not in the branch that the configuration follows')
    .option('--yes', 'do what cannot be undone without asking')
    .addHelpText(
      'after',
      examples('apply plan.json', 'apply --yes plan.json', 'apply --allow-partial plan.json'),
    )
    .addHelpText(
      'after',
      exitHelp({
        ok: 'all is as the plan wants it',
        failed: true,
        differs: 'done, but for what was left out',
        guarded: 'refused, and nothing was sent',
        usage: true,
      }),
    );
  withConfig(command, io.env, 'reader').action(async (file: string, flags: Flags) => {
    const given = {
      ...configFlags(flags),
      file,
      format: flags['format'] as ApplyFlags['format'],
      allowPartial: flags['allowPartial'] === true,
      unmerged: flags['unmerged'] === true,
      yes: flags['yes'] === true,
    };
    const {apply} = await import('./apply.ts');
    end(await apply(given, io));
  });
};

const addExport = (program: Command, io: Io, end: End): void => {
  const command = program
    .command('export')
    .description('writes declarations for what is live, to start a repository from; touches no existing file')
    .addOption(worded('--workspace <name>', 'only the campaigns of this workspace'))
    .addOption(
      worded('--directory <dir>', 'where to write; default: where the configuration reads declarations'),
    )
    .addHelpText('after', examples('export', 'export --workspace collections --directory campaigns'))
    .addHelpText(
      'after',
      exitHelp({
        ok: true,
        failed: true,
        differs: 'done, but for what was left out',
        invalid: 'declarations that are there are invalid',
        usage: true,
      }),
    );
  withConfig(command, io.env, 'platform').action(async (flags: Flags) => {
    const [directory, workspace] = [text(flags, 'directory'), text(flags, 'workspace')];
    const given = {
      ...configFlags({...flags, directory: undefined}),
      ...(directory !== undefined && {directory}),
      ...(workspace !== undefined && {workspace}),
    };
    const {exportLive} = await import('./export.ts');
    end(await exportLive(given, io));
  });
};

const addInit = (program: Command, io: Io, end: End): void => {
  program
    .command('init [directory]')
    .description('writes what a repository starts with: configuration, example, workflow, hook')
    .addHelpText('after', examples('init', 'init my-campaigns'))
    .addHelpText('after', exitHelp({ok: 'done', failed: true, usage: true}))
    .action(async (directory: string | undefined) => {
      const {init} = await import('./init.ts');
      end(init(directory ?? '.', io));
    });
};

/** The commands of whoever reviews a change, or starts a repository. */
export const addReviewCommands = (program: Command, io: Io, end: End): void => {
  addPlan(program, io, end);
  addApply(program, io, end);
  addExport(program, io, end);
  addInit(program, io, end);
};
