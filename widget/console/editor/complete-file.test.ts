import { CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { completeFile, type Knowledge } from "./complete-file.ts";

const know: Knowledge = {
  schema: {
    type: "object",
    required: ["key"],
    properties: {
      key: { type: "string" },
      audience: { type: "string", enum: ["everyone", "beta", "nobody"] },
      accounts: {
        type: "object",
        additionalProperties: { type: "object", required: ["app"], properties: { app: { type: "string" }, optional: { type: "boolean" } } },
      },
      blocks: {
        type: "array",
        items: {
          type: "object",
          required: ["key"],
          properties: { key: { type: "string" }, steps: { type: "array", items: { $ref: "#/$defs/Step" } } },
        },
      },
    },
    $defs: {
      Step: {
        anyOf: [
          {
            type: "object",
            required: ["key", "query"],
            properties: { key: { type: "string" }, query: { type: "string" }, with: { type: "object" } },
          },
          {
            type: "object",
            required: ["key", "for"],
            properties: { key: { type: "string" }, for: { type: "string" }, do: { type: "array", items: { $ref: "#/$defs/Step" } } },
          },
        ],
      },
    },
  },
  apps: [{ key: "crm", name: "The CRM", queries: ["contacts"], actions: ["save"], triggers: ["changed"] }],
  variables: ["REGION"],
};

/** What is suggested at `|`, when asked for. */
function suggest(text: string): string[] {
  const pos = text.indexOf("|");
  const state = EditorState.create({ doc: text.replace("|", "") });
  const result = completeFile(() => know)(new CompletionContext(state, pos, true)) as CompletionResult | null;
  return result?.options.map(({ label }) => label) ?? [];
}

test("keys that the schema allows and that are not there yet", () => {
  expect(suggest("key: x\n|")).toEqual(["audience", "accounts", "blocks"]);
});

test("of several kinds of step, the keys of those that fit what is written", () => {
  expect(suggest("blocks:\n  - key: a\n    steps:\n      - key: b\n        query: crm.contacts\n        |")).toEqual(["with"]);
  expect(suggest("blocks:\n  - key: a\n    steps:\n      - key: b\n        |")).toEqual(["query", "with", "for", "do"]);
});

test("values that may stand there", () => {
  expect(suggest("audience: |")).toEqual(["everyone", "beta", "nobody"]);
  expect(suggest("accounts: { mine: { app: crm, optional: | } }")).toEqual(["true", "false"]);
});

test("apps of the workspace, and operations of the accounts that the file names", () => {
  expect(suggest("accounts:\n  mine:\n    app: |")).toEqual(["crm"]);
  const file = "accounts: { mine: { app: crm } }\nblocks:\n  - key: a\n    steps:\n      - { key: b, query: | }";
  expect(suggest(file)).toEqual(["mine.contacts"]);
});

test("in expressions, what the file and the workspace have", () => {
  const file =
    'setup: { pages: [{ key: p, fields: [{ key: url }] }] }\nblocks:\n  - key: a\n    steps:\n      - { key: first, value: 1 }\n      - { key: second, value: "{{ HERE" }';
  const within = (text: string) => suggest(file.replace("HERE", text));
  expect(within("setup.|")).toEqual(["url"]);
  expect(within("steps.|")).toContain("first");
  expect(within("env.|")).toEqual(["REGION"]);
  expect(within("tri|")).toContain("trigger");
});
