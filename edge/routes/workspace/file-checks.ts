import { Hono } from "hono";
import { z } from "zod";
import { FileChecked } from "../../../shared/api/workspace-flow.ts";
import { AppFile } from "../../../shared/flow/app-file.ts";
import { placeFaults, readFile } from "../../../shared/flow/read-file.ts";
import { catalogue } from "../../db/catalogue.ts";
import { checkApp } from "../../engine/check-app.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { readBody } from "../../http/cap-body.ts";
import { describe } from "../../http/describe.ts";
import { checkSource } from "../../http/flow-requests.ts";
import { requireMember } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";

const Kind = z.object({ kind: z.enum(["flow", "app"]).default("flow") });

/** Checks files without storing them. */
export const workspaceFileChecks = new Hono<AppEnv>().post(
  "/validate",
  describe({
    tag: "Flows",
    summary: "Check a flow or app file without storing it",
    description: "Send the file's text. Every fault comes with its line and column, and with what was probably meant.",
    security: "member",
    answers: { 200: FileChecked },
    problems: ["bad_request", "too_large"],
  }),
  requireMember("read"),
  validate("query", Kind),
  async (c) => {
    c.set("changes", []);
    const source = await readBody(c.req.raw);
    const { kind } = c.req.valid("query");
    if (kind === "app") {
      const result = readFile(source, AppFile);
      const faults = result.ok ? placeFaults(source, checkApp(result.value)) : result.faults;
      return c.json({ kind, key: result.ok ? result.value.key : null, faults });
    }
    const { file, faults } = await checkSource(catalogue(c.env), c.var.member.workspace, source);
    return c.json({ kind, key: file?.key ?? null, faults });
  },
);
