import type {Diagnostic} from '../domain/diagnostic.ts';
import {counted, toJson} from '../domain/text.ts';
import {type Io, print, wantsColour} from './io.ts';
import {diagnosticText, githubAnnotation, type LineOf, type Severity} from './render.ts';

/** GitHub shows this many annotations of one step, and leaves the others in the log. */
const ANNOTATIONS_SHOWN = 10;

/** What came of a validation. */
interface Validated {
  readonly diagnostics: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  readonly valid: number;
  readonly lineOf: LineOf;
}

/** Prints what came of a validation, in the format that is asked for. */
export const report = (
  {diagnostics, lineOf, valid, warnings}: Validated,
  {format}: {readonly format: 'text' | 'json' | 'github'},
  io: Io,
): void => {
  if (format === 'json') {
    const document = {apiVersion: 'rollcall.dev/v1', kind: 'Validation', valid, diagnostics, warnings};
    print(io.stdout, toJson(document, 2));
    return;
  }
  const colour = wantsColour(io.stdout, io.env);
  const show = (diagnostic: Diagnostic, severity: Severity): void =>
    print(
      io.stdout,
      format === 'github'
        ? githubAnnotation(diagnostic, severity)
        : diagnosticText(diagnostic, colour, lineOf(diagnostic), severity),
    );
  for (const diagnostic of diagnostics) show(diagnostic, 'error');
  for (const warning of warnings) show(warning, 'warning');
  const more = warnings.length === 0 ? '' : `, ${counted(warnings.length, 'warning')}`;
  print(
    io.stderr,
    `${counted(valid, 'valid declaration')}, ${counted(diagnostics.length, 'problem')}${more}`,
  );
  if (format === 'github' && diagnostics.length > ANNOTATIONS_SHOWN)
    print(io.stderr, `GitHub shows ${ANNOTATIONS_SHOWN} of them on the files; all are in this log`);
};
