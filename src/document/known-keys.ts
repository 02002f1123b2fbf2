/** The keys that the schema knows at a path, for «did you mean». */
export type KnownKeys = (path: readonly PropertyKey[]) => readonly string[];

/** The keys that a schema's JSON Schema names at a path; the first alternative that has some, where there are several. */
export const knownKeysOf = (jsonSchema: unknown): KnownKeys => {
  const descend = (node: unknown, path: readonly PropertyKey[]): readonly string[] => {
    if (typeof node !== 'object' || node === null) return [];
    const {properties, items, anyOf} = node as {
      properties?: Record<string, unknown>;
      items?: unknown;
      anyOf?: unknown[];
    };
    const [part, ...rest] = path;
    if (part === undefined && properties) return Object.keys(properties);
    const inner =
      typeof part === 'number' ? items : part === undefined ? undefined : properties?.[String(part)];
    const found = inner === undefined ? [] : descend(inner, rest);
    return found.length > 0 ? found : (anyOf ?? []).flatMap(alternative => descend(alternative, path));
  };
  return path => descend(jsonSchema, path);
};
