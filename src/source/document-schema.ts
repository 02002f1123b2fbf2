import {z} from 'zod';

/** The JSON Schema (draft-07) of what may stand in a file, made from the schema that Rollcall checks by. */
export const inputSchema = (schema: z.ZodType): Record<string, unknown> =>
  z.toJSONSchema(schema, {target: 'draft-7', io: 'input'});

/** The same with the name by which it is known, of a document of a kind. */
export const documentSchema = (schema: z.ZodType, kind: string): Record<string, unknown> => {
  const {$schema, ...rest} = inputSchema(schema);
  return {
    $schema,
    $id: `https://rollcall.dev/schema/v1/${kind}.schema.json`,
    title: `Rollcall ${kind}`,
    ...rest,
  };
};
