import { expect, test } from "vitest";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { checkFlow } from "./check-flow.ts";

const flow = (translations: unknown) =>
  FlowFile.parse({
    ...{ inlay: 1, key: "a", name: "A", translations },
    setup: { pages: [{ key: "p", title: "P", fields: [{ key: "list", type: "list", fields: [{ key: "inner", type: "text" }] }] }] },
    blocks: [{ key: "go", name: "Go", trigger: { manual: {} }, steps: [] }],
  });

test("translations of what is there pass", () => {
  const words = {
    pages: { p: { title: "S" } },
    fields: { list: { label: "L" }, "list.inner": { label: "I" } },
    blocks: { go: { name: "Los" } },
  };
  expect(checkFlow(flow({ de: words }), {})).toEqual([]);
});

test("a key that is not there, and an expression that does not parse, are faults", () => {
  const words = { pages: { q: { title: "S" } }, fields: { inner: { label: "I" }, list: { value: "{{ 1 + }}" } }, blocks: { gone: {} } };
  expect(checkFlow(flow({ de: words }), {}).map(({ path }) => path)).toEqual([
    "translations.de.pages.q",
    "translations.de.fields.inner",
    "translations.de.blocks.gone",
    "translations.de.fields.list.value",
  ]);
});
