// JSON Schemas of flow, app and test files, for editors. A step checks itself in code, so its kinds are put together here.
import { z } from "zod";
import { AppFile } from "../../shared/flow/app-file.ts";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { STEP_TYPES, Step, stepSchemas } from "../../shared/flow/step.ts";
import { TestFile } from "../../shared/flow/test-file.ts";

type JsonSchema = Record<string, unknown>;
const STEP = "#/$defs/Step";

const FILES = {
  flow: { title: "Inlay flow", schema: FlowFile },
  app: { title: "Inlay app", schema: AppFile },
  test: { title: "Inlay flow tests", schema: TestFile },
} as const;
export type FileKind = keyof typeof FILES;

/** The JSON Schema (2020-12) of files of this kind. */
export function fileSchema(kind: FileKind): JsonSchema {
  const { title } = FILES[kind];
  const { $defs = {}, ...schema } = toJsonSchema(FILES[kind].schema);
  return { ...schema, title, $defs: kind === "flow" ? { ...($defs as JsonSchema), ...stepDefinitions() } : $defs };
}

const toJsonSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (Object.is(zodSchema, Step)) jsonSchema.$ref = STEP;
    },
  });

/** `Step` as any of its kinds; what a kind defines for itself moves up under a name of its own. */
function stepDefinitions(): JsonSchema {
  const definitions: JsonSchema = {};
  const kinds = STEP_TYPES.map((type) => {
    const { $schema: _, $defs = {}, ...schema } = toJsonSchema(stepSchemas[type]);
    const rename = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value).replaceAll(/"#\/\$defs\/(?!Step")([^"]+)"/g, `"#/$defs/${type}_$1"`));
    for (const [name, definition] of Object.entries($defs as JsonSchema))
      if (name !== "Step") definitions[`${type}_${name}`] = rename(definition);
    return rename(schema);
  });
  return { ...definitions, Step: { anyOf: kinds } };
}
