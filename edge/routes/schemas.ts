import { Hono } from "hono";
import type { AppEnv } from "../http/app-env.ts";
import { describe } from "../http/describe.ts";
import { type FileKind, fileSchema } from "../http/file-schema.ts";

const made = new Map<FileKind, object>();

function schemaOf(kind: FileKind): object {
  const schema = made.get(kind) ?? fileSchema(kind);
  made.set(kind, schema);
  return schema;
}

const about = (summary: string) => describe({ tag: "Files", summary, answers: { 200: null }, security: "none" });

/** JSON Schemas of the files that builders write. */
export const schemas = new Hono<AppEnv>()
  .get("/v1/schema/flow.json", about("JSON Schema of flow files"), (c) => c.json(schemaOf("flow")))
  .get("/v1/schema/app.json", about("JSON Schema of app files"), (c) => c.json(schemaOf("app")))
  .get("/v1/schema/test.json", about("JSON Schema of flow tests"), (c) => c.json(schemaOf("test")));
