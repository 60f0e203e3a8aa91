import { expect, test } from "vitest";
import { FlowFile } from "../../shared/flow/flow-file.ts";
import { readFile } from "../../shared/flow/read-file.ts";
import { stepPlaces } from "./step-places.ts";

const read = readFile(
  `
inlay: 1
key: f
name: F
blocks:
  - key: main
    name: Main
    trigger: { manual: {} }
    steps:
      - key: decide
        if: "{{ true }}"
        then:
          - { key: yes, value: 1 }
          - { key: each, for: [1], do: [{ key: inner, value: 1 }, { key: again, if: "{{ true }}", else: [{ key: deep, value: 1 }] }] }
        elseif: [{ if: "{{ true }}", then: [{ key: maybe, value: 1 }] }]
        else: [{ key: no, value: 1 }]
      - { key: both, parallel: { left: [{ key: l, value: 1 }], right: [{ key: r, value: 1 }] } }
      - { key: attempt, try: [{ key: risky, call: other }], catch: [{ key: mend, value: 1 }], finally: [{ key: last, value: 1 }] }
    on_failure: [{ key: tell, value: 1 }]
  - { key: other, name: Other, trigger: { call: {} }, steps: [{ key: gate, if: "{{ true }}", then: [{ key: yes, value: 1 }] }] }
`,
  FlowFile,
);
if (!read.ok) throw new Error(JSON.stringify(read.faults));
const placeOf = stepPlaces(read.value, "main");

test.each([
  ["decide", {}],
  ["yes", { within: "decide", branch: "then" }],
  ["maybe", { within: "decide", branch: "elseif.0.then" }],
  ["no", { within: "decide", branch: "else" }],
  ["each", { within: "decide", branch: "then" }],
  ["each[3].inner", {}],
  ["each[3].deep", { within: "each[3].again", branch: "else" }],
  ["r", { within: "both", branch: "right" }],
  ["mend", { within: "attempt", branch: "catch" }],
  ["last", { within: "attempt", branch: "finally" }],
  ["risky>gate", {}],
  ["risky>yes", { within: "risky>gate", branch: "then" }],
  ["tell", { branch: "on_failure" }],
  ["gone", {}],
  ["yes>gone", {}],
])("the step at %s stands in %o", (path, place) => {
  expect(placeOf(path)).toEqual(place);
});
