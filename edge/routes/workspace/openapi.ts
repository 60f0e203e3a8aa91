import { Hono } from "hono";
import { z } from "zod";
import { FileFault } from "../../../shared/api/workspace-flow.ts";
import { AppFile } from "../../../shared/flow/app-file.ts";
import { placeFaults, readFile } from "../../../shared/flow/read-file.ts";
import { type OpenApiDocument, readDocument } from "../../../shared/openapi/document.ts";
import { listOperations } from "../../../shared/openapi/operations.ts";
import { toApp } from "../../../shared/openapi/to-app.ts";
import { checkApp } from "../../engine/check-app.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { depthOf, readBytes } from "../../http/cap-body.ts";
import { describe } from "../../http/describe.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";

/** Bytes of a document; the largest public ones have ten million. */
const MAX_DOCUMENT = 16_000_000;
const MAX_DEPTH = 200;

const Wish = z.object({
  /** The document's text, JSON or YAML. */
  document: z.string().min(1),
  key: z.string().max(64).optional(),
  name: z.string().min(1).max(200).optional(),
  /** Ids of the operations to take; all of them where it is not given. */
  operations: z.array(z.string().max(500)).max(2_000).optional(),
  /** Where the document is from, for the file to say. */
  source: z.string().max(500).optional(),
});
const Listed = z.object({
  title: z.string(),
  version: z.string(),
  operations: z.array(
    z.object({
      id: z.string(),
      method: z.string(),
      path: z.string(),
      title: z.string(),
      kind: z.enum(["query", "action"]),
      tags: z.array(z.string()),
      deprecated: z.boolean(),
    }),
  ),
});
const Made = z.object({
  key: z.string(),
  source: z.string(),
  operations: z.array(z.string()),
  notes: z.array(z.string()),
  faults: z.array(FileFault),
});
const common = { tag: "Apps", security: "member" as const };

async function readWish(request: Request): Promise<{ wish: z.infer<typeof Wish>; document: OpenApiDocument }> {
  const bytes = await readBytes(request, MAX_DOCUMENT);
  if (!bytes) throw new ProblemError("too_large", "A document has at most 16 MB.");
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new ProblemError("bad_request", "Send JSON with the document's text as “document”.");
  }
  const wish = Wish.safeParse(body);
  if (!wish.success)
    throw new ProblemError("invalid", "Send the document's text as “document”.", {
      errors: wish.error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), code: "invalid", message })),
    });
  if (depthOf(wish.data.document) > MAX_DEPTH) throw new ProblemError("invalid", `The document is nested deeper than ${MAX_DEPTH} levels.`);
  const read = readDocument(wish.data.document);
  if (!read.ok)
    throw new ProblemError("invalid", read.message, { errors: [{ path: "document", code: "document", message: read.message }] });
  return { wish: wish.data, document: read.document };
}

/** Apps out of OpenAPI documents. Nothing is stored: the file that is made goes to `POST /v1/workspace/apps`. */
export const workspaceOpenApi = new Hono<AppEnv>()
  .post(
    "/openapi/operations",
    describe({
      ...common,
      summary: "List the operations of an OpenAPI 3.x or Swagger 2.0 document",
      answers: { 200: Listed },
      problems: ["bad_request", "invalid", "too_large"],
    }),
    requireMember("read"),
    async (c) => {
      c.set("changes", []);
      const { document } = await readWish(c.req.raw);
      const operations = listOperations(document).map(({ id, method, path, title, kind, tags, deprecated }) => {
        return { id, method, path, title, kind, tags, deprecated };
      });
      return c.json({ title: document.title, version: document.version, operations });
    },
  )
  .post(
    "/openapi/app",
    describe({
      ...common,
      summary: "Make an app file of an OpenAPI 3.x or Swagger 2.0 document",
      description:
        "With sign-in, base address, and the chosen operations with their inputs and paging. `notes` say what could not be taken over.",
      answers: { 200: Made },
      problems: ["bad_request", "invalid", "too_large"],
    }),
    requireMember("read"),
    async (c) => {
      c.set("changes", []);
      const { wish, document } = await readWish(c.req.raw);
      const made = toApp(document, { key: wish.key, name: wish.name, operations: wish.operations, document: wish.source });
      const result = readFile(made.source, AppFile);
      return c.json({ ...made, faults: result.ok ? placeFaults(made.source, checkApp(result.value)) : result.faults });
    },
  );
