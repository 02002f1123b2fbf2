import type {Diagnostic} from './diagnostic.ts';

/** A document that is known by its name. */
interface Known {
  readonly name: string;
  readonly source: {readonly file: string; readonly line: number};
}

/** What is wrong with documents of a file whose names others of their kind have as well. */
export const sameNames = (
  kind: string,
  mine: readonly Known[],
  all: readonly Known[],
  meanwhile: string,
): readonly Diagnostic[] =>
  mine.flatMap(one => {
    const others = all.filter(other => other !== one && other.name === one.name);
    if (others.length === 0) return [];
    const places = others.map(({source}) => `${source.file}:${source.line}`).toSorted();
    return [
      {
        code: 'duplicate-name',
        message: `the ${kind} ${one.name} is declared also in ${places.join(', ')}`,
        hint: `give each ${kind} a name of its own; until then ${meanwhile}`,
        ...one.source,
        column: 1,
      },
    ];
  });
