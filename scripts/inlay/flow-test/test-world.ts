// What a test's run sees: the test's own parts before those of its file, the rest made up.
import { settleForm } from "../../../edge/setup-form/evaluate-form.ts";
import type { FormInput } from "../../../edge/setup-form/form-scope.ts";
import type { Block } from "../../../shared/flow/flow-file.ts";
import type { FlowTest, TestAccount, TestFile } from "../../../shared/flow/test-file.ts";
import type { LoadedTests } from "./load-tests.ts";

/** Monday morning, where a test does not say when it is. */
const NOW = "2026-01-05T08:00:00.000Z";

export interface TestWorld {
  block: Block;
  /** ms since epoch */
  startedAt: number;
  env: Record<string, string>;
  accounts: Record<string, TestAccount>;
  state: Record<string, unknown>;
  /** What expressions see besides `trigger`, `steps` and `state`. */
  base: Record<string, unknown>;
}

/** The world of `test`: setup values with the form's defaults, hidden fields left out, as a real integration has them. */
export async function testWorld({ file, flow }: Pick<LoadedTests, "file" | "flow">, test: FlowTest): Promise<TestWorld> {
  const block = flow.blocks.find(({ key }) => key === (test.block ?? flow.blocks[0]?.key));
  if (!block) throw new TypeError("a test without a block was let through");
  const startedAt = Date.parse(test.now ?? file.now ?? NOW);
  const env = { ...file.env, ...test.env };
  const accounts = { ...file.accounts, ...test.accounts };
  const hooks = Object.fromEntries(
    flow.blocks.flatMap(({ key, trigger }) =>
      "webhook" in trigger || "app_event" in trigger ? [[key, { url: `https://inlay.test/hooks/int_test/${key}/test` }]] : [],
    ),
  );
  const slots = Object.keys(flow.accounts).filter((slot) => accounts[slot]?.status !== "none");
  const input: FormInput = {
    values: Object.fromEntries(Object.entries({ ...file.setup, ...test.setup }).filter(([, value]) => value !== null)),
    accounts: Object.fromEntries(slots.map((slot) => [slot, `acc_${slot}`])),
    user: userOf(file, test),
    settings: flow.settings,
    env,
    hooks,
  };
  const { setup } = await settleForm(flow, input);
  const at = new Date(startedAt).toISOString();
  const run = { id: "run_test", integration: "int_test", flow: flow.key, version: 1, block: block.key, acceptedAt: at, startedAt: at };
  const base = { setup, user: input.user, settings: flow.settings, hooks, env, run };
  return { block, startedAt, env, accounts, state: { ...file.state, ...test.state }, base };
}

function userOf(file: TestFile, test: FlowTest): FormInput["user"] {
  const nobody = { id: "user-1", org: null, name: null, email: null, locale: null, attributes: {} };
  return { ...nobody, ...file.user, ...test.user } as FormInput["user"];
}
