import type {Command, Option} from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A word that may follow, what it is for, and the words that may follow it where they are known. */
interface Flag {
  readonly names: readonly string[];
  readonly help: string;
  /** Undefined where it takes no value; empty where any may stand there. */
  readonly values?: readonly string[];
  /** Its value is a file or a folder. */
  readonly isPath: boolean;
}

interface Verb {
  readonly name: string;
  readonly help: string;
  readonly flags: readonly Flag[];
  /** What may stand after it without a dash; empty where it is a file or a name. */
  readonly words: readonly string[];
}

const namesOf = ({long, short}: Option): string[] => [short, long].filter(name => name != null);

const PATHS = /<(?:file|dir|folder)>|--(?:directory|git-url|git-path) /;

const flagOf = (option: Option): Flag => ({
  names: namesOf(option),
  help: option.description,
  isPath: PATHS.test(option.flags),
  ...((option.required || option.optional) && {values: option.argChoices ?? []}),
});

const HELP: Flag = {names: ['-h', '--help'], isPath: false, help: 'what the command does, with examples'};

const verbsOf = (program: Command): Verb[] =>
  program.commands.map(command => ({
    name: command.name(),
    help: command.description(),
    flags: [...command.options.map(flagOf), HELP],
    words:
      command.name() === 'help'
        ? program.commands.map(one => one.name())
        : command.registeredArguments.flatMap(argument => argument.argChoices ?? []),
  }));

const bashCase = ({flags, name, words}: Verb): string => {
  const valued = flags.filter(({values}) => values !== undefined);
  const choices = valued.map(({isPath, names, values = []}) => {
    const reply = isPath ? '-f' : `-W "${values.join(' ')}"`;
    return `        ${names.join('|')}) COMPREPLY=($(compgen ${reply} -- "$word")); return ;;`;
  });
  const all = [...flags.flatMap(({names}) => names), ...words].join(' ');
  return [
    `    ${name})`,
    '      case $before in',
    ...choices,
    '      esac',
    `      COMPREPLY=($(compgen -W "${all}" -- "$word")${words.length > 0 ? '' : ' $(compgen -f -- "$word")'}) ;;`,
  ].join('\n');
};

const bash = (verbs: readonly Verb[]): string => `# bash completion for rollcall
_rollcall() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} verb=\${COMP_WORDS[1]}
  # bash takes --flag=value for three words
  if [ "$word" = = ]; then word=
  elif [ "$before" = = ]; then before=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${verbs.map(({name}) => name).join(' ')} --help --version" -- "$word"))
    return
  fi
  case $verb in
${verbs.map(bashCase).join('\n')}
  esac
}
complete -o filenames -F _rollcall rollcall
`;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const zshText = (text: string): string => text.replace(/[[\]:]/g, mark => `\\${mark}`);

const zshFlag = ({help, isPath, names, values}: Flag): string => {
  const action = isPath ? '_files' : `(${values?.join(' ')})`;
  const value = values === undefined ? '' : `:value:${action === '()' ? ' ' : action}`;
  const group = names.length > 1 ? `(${names.join(' ')})` : '';
  return names.map(name => `      ${quoted(`${group}${name}[${zshText(help)}]${value}`)}`).join(' \\\n');
};

const zshCase = ({flags, name, words}: Verb): string =>
  [
    `    ${name}) _arguments \\`,
    `${flags.map(zshFlag).join(' \\\n')} \\`,
    `      ${quoted(`*:word:${words.length > 0 ? `(${words.join(' ')})` : '_files'}`)} ;;`,
  ].join('\n');

const zsh = (verbs: readonly Verb[]): string => `#compdef rollcall
_rollcall() {
  local -a verbs
  verbs=(
${verbs.map(({help, name}) => `    ${quoted(`${name}:${zshText(help)}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' verbs
    return
  fi
  local verb=$words[2]
  shift words
  (( CURRENT-- ))
  case $verb in
${verbs.map(zshCase).join('\n')}
  esac
}
compdef _rollcall rollcall
`;

const fishFlag = (verb: string, {help, isPath, names, values}: Flag): string => {
  const parts = names.map(name => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const takes = values === undefined ? '' : isPath ? ' -r -F' : ` -x -a ${quoted(values.join(' '))}`;
  return `complete -c rollcall -n '__fish_seen_subcommand_from ${verb}' ${parts.join(' ')}${takes} -d ${quoted(help)}`;
};

const fish = (verbs: readonly Verb[]): string =>
  [
    '# fish completion for rollcall',
    ...verbs.flatMap(({flags, help, name, words}) => [
      `complete -c rollcall -f -n __fish_use_subcommand -a ${name} -d ${quoted(help)}`,
      ...flags.map(flag => fishFlag(name, flag)),
      ...(words.length > 0
        ? [`complete -c rollcall -f -n '__fish_seen_subcommand_from ${name}' -a ${quoted(words.join(' '))}`]
        : []),
    ]),
    '',
  ].join('\n');

const SCRIPTS: Readonly<Record<Shell, (verbs: readonly Verb[]) => string>> = {bash, zsh, fish};

/** A script that completes the verbs and flags of a program in a shell, made from the program itself. */
export const completionScript = (program: Command, shell: Shell): string => SCRIPTS[shell](verbsOf(program));
