import { Hono } from "hono";
import { z } from "zod";
import { listOf } from "../../../shared/api/list.ts";
import { catalogue } from "../../db/catalogue.ts";
import {
  deleteIcon,
  deleteSecret,
  deleteVariable,
  listIcons,
  listSecrets,
  loadVariables,
  setIcon,
  setSecret,
  setVariable,
} from "../../db/settings.ts";
import type { AppEnv } from "../../http/app-env.ts";
import { noteChange } from "../../http/audited.ts";
import { capBody, readBytes } from "../../http/cap-body.ts";
import { describe } from "../../http/describe.ts";
import { imageKind } from "../../http/image-kind.ts";
import { ProblemError } from "../../http/problem.ts";
import { requireMember } from "../../http/require-member.ts";
import { validate } from "../../http/validate.ts";
import { sealSecret } from "../../security/seal.ts";

const Name = z.object({ name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "use letters, digits and _, starting with a letter") });
const Value = z.object({ value: z.string().max(16_000) });
const IconPath = z.object({
  path: z
    .string()
    .regex(/^[a-z0-9][a-z0-9/_-]{0,150}\.(?:svg|png|webp)$/, "use small letters, digits, / _ and -, and end in .svg, .png or .webp"),
});
const ICON_TYPES = ["image/svg+xml", "image/png", "image/webp"];
const MAX_ICON = 64_000;

/** Variables, secrets and icons of the workspace. */
export const workspaceSettings = new Hono<AppEnv>()
  .get(
    "/variables",
    describe({ tag: "Settings", summary: "Read variables", security: "member", answers: { 200: z.record(z.string(), z.string()) } }),
    requireMember("read"),
    async (c) => c.json(await loadVariables(catalogue(c.env), c.var.member.workspace)),
  )
  .put(
    "/variables/:name",
    describe({
      tag: "Settings",
      summary: "Set a variable: `env.NAME` in expressions, never a secret",
      security: "member",
      answers: { 204: null },
      problems: ["invalid"],
    }),
    requireMember("write"),
    capBody,
    validate("param", Name),
    validate("json", Value),
    async (c) => {
      const db = catalogue(c.env);
      const { workspace } = c.var.member;
      const [{ name }, { value }] = [c.req.valid("param"), c.req.valid("json")];
      const before = new Map(Object.entries(await loadVariables(db, workspace))).get(name);
      await setVariable(db, workspace, name, value);
      noteChange(c, { action: "variable.set", target: name, before: before ?? null, after: value });
      return c.body(null, 204);
    },
  )
  .delete(
    "/variables/:name",
    describe({ tag: "Settings", summary: "Forget a variable", security: "member", answers: { 204: null }, problems: ["not_found"] }),
    requireMember("write"),
    validate("param", Name),
    async (c) => {
      const { name } = c.req.valid("param");
      const before = await deleteVariable(catalogue(c.env), c.var.member.workspace, name);
      if (before === undefined) throw new ProblemError("not_found", "There is no variable with this name.");
      noteChange(c, { action: "variable.forgotten", target: name, before });
      return c.body(null, 204);
    },
  )
  .get(
    "/secrets",
    describe({
      tag: "Settings",
      summary: "List the names of secrets",
      security: "member",
      answers: { 200: listOf(z.object({ name: z.string(), updatedAt: z.string() })) },
    }),
    requireMember("read"),
    async (c) => c.json({ items: await listSecrets(catalogue(c.env), c.var.member.workspace), nextCursor: null }),
  )
  .put(
    "/secrets/:name",
    describe({
      tag: "Settings",
      summary: "Set a secret; it is sealed and never shown again",
      security: "member",
      answers: { 204: null },
      problems: ["invalid"],
    }),
    requireMember("admin"),
    capBody,
    validate("param", Name),
    validate("json", Value),
    async (c) => {
      const { workspace } = c.var.member;
      const { name } = c.req.valid("param");
      await setSecret(catalogue(c.env), workspace, name, await sealSecret(c.env, workspace, `secret/${name}`, c.req.valid("json").value));
      noteChange(c, { action: "secret.set", target: name, after: "•••" });
      return c.body(null, 204);
    },
  )
  .delete(
    "/secrets/:name",
    describe({ tag: "Settings", summary: "Forget a secret", security: "member", answers: { 204: null }, problems: ["not_found"] }),
    requireMember("admin"),
    validate("param", Name),
    async (c) => {
      const { name } = c.req.valid("param");
      if (!(await deleteSecret(catalogue(c.env), c.var.member.workspace, name)))
        throw new ProblemError("not_found", "There is no secret with this name.");
      noteChange(c, { action: "secret.forgotten", target: name, before: "•••" });
      return c.body(null, 204);
    },
  )
  .get(
    "/icons",
    describe({
      tag: "Settings",
      summary: "List icons by path",
      security: "member",
      answers: { 200: listOf(z.object({ path: z.string(), type: z.string(), updatedAt: z.string() })) },
    }),
    requireMember("read"),
    async (c) => c.json({ items: await listIcons(catalogue(c.env), c.var.member.workspace), nextCursor: null }),
  )
  .put(
    "/icons/:path{.+}",
    describe({
      tag: "Settings",
      summary: "Store an icon that flow and app files name",
      security: "member",
      answers: { 204: null },
      problems: ["invalid", "too_large", "unsupported_media_type"],
    }),
    requireMember("write"),
    validate("param", IconPath),
    async (c) => {
      const type = (c.req.header("content-type") ?? "").split(";")[0] ?? "";
      if (!ICON_TYPES.includes(type))
        throw new ProblemError("unsupported_media_type", "Send an SVG, PNG or WebP image with its content type.");
      const bytes = await readBytes(c.req.raw, MAX_ICON);
      if (!bytes?.length) throw new ProblemError("too_large", "An icon has between 1 and 64,000 bytes.");
      if (imageKind(bytes) !== type)
        throw new ProblemError("unsupported_media_type", `The file is not what its content type says (${type}).`);
      const isText = type === "image/svg+xml";
      const body = isText ? new TextDecoder().decode(bytes) : btoa(String.fromCharCode(...bytes));
      const { path } = c.req.valid("param");
      await setIcon(catalogue(c.env), c.var.member.workspace, path, isText ? type : `${type};base64`, body);
      noteChange(c, { action: "icon.set", target: path, after: { type, bytes: bytes.length } });
      return c.body(null, 204);
    },
  )
  .delete(
    "/icons/:path{.+}",
    describe({
      tag: "Settings",
      summary: "Forget an icon; flows and apps that name it show their first letter",
      security: "member",
      answers: { 204: null },
      problems: ["not_found"],
    }),
    requireMember("write"),
    validate("param", IconPath),
    async (c) => {
      const { path } = c.req.valid("param");
      if (!(await deleteIcon(catalogue(c.env), c.var.member.workspace, path)))
        throw new ProblemError("not_found", "There is no icon of this path.");
      noteChange(c, { action: "icon.forgotten", target: path });
      return c.body(null, 204);
    },
  );
