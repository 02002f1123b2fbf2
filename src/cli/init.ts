import {chmodSync, existsSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {configJsonSchema} from '../config/schema.ts';
import {makeFolder} from '../disk/folder.ts';
import {errorText, toJson} from '../domain/text.ts';
import {allowanceJsonSchema} from '../source/allowance-schema.ts';
import {calendarJsonSchema} from '../source/calendar-schema.ts';
import {freezeJsonSchema} from '../source/freeze-schema.ts';
import {campaignJsonSchema} from '../source/schema.ts';
import {SCHEMA_FILE} from './export-files.ts';
import {EXIT, type ExitCode, type Io, print} from './io.ts';

/** What a repository starts with: where it stands there, and the template that it is made from. */
const FILES: readonly {path: string; template: string; executable?: true}[] = [
  {path: 'rollcall.yaml', template: 'rollcall.yaml'},
  {path: 'campaigns/default/example.yaml', template: 'example.yaml'},
  {path: '.github/workflows/rollcall.yaml', template: 'workflow.yaml'},
  {path: '.github/CODEOWNERS', template: 'CODEOWNERS'},
  {path: '.githooks/pre-commit', template: 'pre-commit', executable: true},
];

/** The schema of `rollcall.yaml`, beside it, which its first line names for editors. */
const CONFIG_SCHEMA_FILE = 'rollcall.schema.json';

/** The schemas of the documents that a folder of declarations may hold. */
const DOCUMENT_SCHEMAS = [
  [SCHEMA_FILE, campaignJsonSchema],
  ['calendar.schema.json', calendarJsonSchema],
  ['freeze.schema.json', freezeJsonSchema],
  ['allowance.schema.json', allowanceJsonSchema],
] as const;

const EXECUTABLE = 0o755;

const next = (directory: string): string => `
Next${directory === '.' ? '' : `, in ${directory}`}:
  1. git init, where it is no repository yet.
  2. rollcall.yaml: your organisation, your workspaces, and where their keys are.
  3. rollcall export --config rollcall.yaml   writes a declaration for each live campaign.
  4. .github/workflows/rollcall.yaml: name the repository that Rollcall is in.
  5. git config core.hooksPath .githooks       validates before each commit, in this clone.
Then commit, and change a campaign by a pull request.`;

const template = (name: string): string =>
  readFileSync(new URL(`../../templates/init/${name}`, import.meta.url), 'utf8');

const writeNew = (directory: string, path: string, text: string, io: Io): boolean => {
  const target = join(directory, path);
  if (existsSync(target)) {
    print(io.stderr, `left as it is: ${target}`);
    return false;
  }
  makeFolder(resolve(dirname(target)));
  writeFileSync(target, text, {flag: 'wx'});
  print(io.stdout, target);
  return true;
};

/** `rollcall init`: writes the files that a repository of declarations starts with. Touches none that exists. */
export const init = (directory: string, io: Io): ExitCode => {
  if (directory === '') {
    print(io.stderr, 'rollcall: the folder is empty: an unset variable? For this one write .');
    return EXIT.usage;
  }
  if (existsSync(directory) && !statSync(directory).isDirectory()) {
    print(io.stderr, `rollcall: ${directory} is a file, not a folder`);
    return EXIT.failed;
  }
  try {
    for (const {executable, path, template: name} of FILES) {
      const written = writeNew(directory, path, template(name), io);
      if (written && executable) chmodSync(join(directory, path), EXECUTABLE);
    }
    for (const [file, schema] of DOCUMENT_SCHEMAS)
      writeNew(directory, `campaigns/${file}`, `${toJson(schema(), 2)}\n`, io);
    writeNew(directory, CONFIG_SCHEMA_FILE, `${toJson(configJsonSchema(), 2)}\n`, io);
    print(io.stderr, next(directory));
    return EXIT.ok;
  } catch (error) {
    print(io.stderr, `rollcall: ${errorText(error)}: choose another folder`);
    return EXIT.failed;
  }
};
