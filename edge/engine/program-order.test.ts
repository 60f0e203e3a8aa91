import { expect, test } from "vitest";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
import { FlowPlan } from "./compile-block.ts";
import { Beginnings, placeOf } from "./program-order.ts";

const read = readFile(
  `inlay: 1
key: f
name: F
blocks:
  - key: go
    name: Go
    trigger: { manual: {} }
    steps:
      - { key: a, value: 1 }
      - key: each
        for: [1]
        concurrency: 2
        do:
          - { key: b, call: inner }
          - { key: rows, for: [1], do: [{ key: c, value: 1 }, { key: d, value: 1 }] }
      - key: both
        parallel:
          left: [{ key: e, value: 1 }, { key: g, try: [{ key: h, value: 1 }], catch: [{ key: i, value: 1 }], finally: [{ key: j, value: 1 }] }]
          right: [{ key: k, if: "{{ true }}", then: [{ key: l, value: 1 }], else: [{ key: m, value: 1 }] }]
      - { key: z, value: 1 }
    on_failure: [{ key: mend, value: 1 }]
  - key: inner
    name: Inner
    trigger: { call: {} }
    steps: [{ key: x, value: 1 }, { key: y, value: 1 }]
`,
  FlowFile,
);
if (!read.ok) throw new Error(JSON.stringify(read.faults));
const plan = new FlowPlan(read.value);
const place = (path: string) => placeOf(plan, "go", path);

function relation(path: string, ...from: string[]) {
  const beginnings = new Beginnings();
  for (const one of from) beginnings.add(place(one));
  return beginnings.relationOf(place(path));
}

test.each([
  ["a", "each[0].b>x", "before"],
  ["each[9].b>x", "each[10].b>x", "beside"],
  ["each[10].b>y", "each[10].b>x", "behind"],
  ["each[10].b>x", "each[10].b>y", "before"],
  ["each[1].rows[9].d", "each[1].rows[10].c", "before"],
  ["each[1].rows[10].d", "each[1].rows[10].c", "behind"],
  ["each[1].rows[2].c", "each[2].rows[1].c", "beside"],
  ["each[1].rows[2].c", "each", "behind"],
  ["each[1].rows[2].c", "a", "behind"],
  ["z", "each[1].b>x", "behind"],
  ["e", "l", "beside"],
  ["e", "j", "before"],
  ["j", "i", "behind"],
  ["h", "both", "behind"],
  ["z", "l", "behind"],
  ["each[3].b>x", "e", "before"],
  ["z", "mend", "before"],
])("%s stands to %s: %s", (path, from, expected) => expect(relation(path, from)).toBe(expected));

test("of several beginnings, the first that a place does not stand beside counts", () => {
  expect(relation("each[1].b>y", "each[0].b>x", "each[1].rows[0].c")).toBe("before");
  expect(relation("each[1].b>y", "each[0].b>x", "each[1].b>x")).toBe("behind");
  expect(relation("each[1].b>y", "each[0].b>x", "each[2].b>x")).toBe("beside");
});
