import type { AppFile } from "../../shared/flow/app-file.ts";
import type { TemplateValue } from "../../shared/flow/expression.ts";
import type { FlowFile } from "../../shared/flow/flow-file.ts";
import { compileTemplate, ExpressionError, readsOf } from "./expression.ts";

/** A fault of a flow file: a stable code, words that say what to do, and the dotted way to the place. */
export interface FlowFault {
  code: string;
  message: string;
  path: string;
}

type Part = "queries" | "actions" | "triggers";
const WORD: Record<Part, string> = { queries: "query", actions: "action", triggers: "trigger" };

/** Collects faults, and knows what a flow may name. */
export class FaultList {
  readonly list: FlowFault[] = [];
  readonly flow: FlowFile;
  readonly #apps: Readonly<Record<string, AppFile>>;
  readonly #fields: ReadonlySet<string>;

  constructor(flow: FlowFile, apps: Readonly<Record<string, AppFile>>) {
    this.flow = flow;
    this.#apps = apps;
    this.#fields = new Set([...flow.setup.pages.flatMap((page) => page.fields.map((field) => field.key)), ...Object.keys(flow.accounts)]);
  }

  add(code: string, message: string, path: string): void {
    this.list.push({ code, message, path });
  }

  unique(keys: readonly string[], pathOf: (index: number) => string, word: string): void {
    keys.forEach((key, index) => {
      if (keys.indexOf(key) !== index) this.add("duplicate_key", `Another ${word} has the key “${key}” already`, pathOf(index));
    });
  }

  /** That every expression in `value` parses, and reads setup fields that are there. */
  template(value: TemplateValue | undefined, path: string): void {
    if (value === undefined) return;
    try {
      compileTemplate(value);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const place = error.position === undefined ? "" : ` (character ${error.position + 1})`;
      this.add(`expression_${error.code}`, `${error.message}${place}`, path);
      return;
    }
    for (const read of readsOf(value)) {
      const [head, key] = read.split(".");
      if (head === "setup" && key !== undefined && !this.#fields.has(key))
        this.add("unknown_field", `The setup form has no field “${key}”`, path);
    }
  }

  /** That a condition holds an expression: plain text would always be true. */
  condition(value: string | undefined, path: string): void {
    this.template(value, path);
    if (value !== undefined && !value.includes("{{") && value !== "true" && value !== "false")
      this.add("no_expression", `“${value}” is plain text and always true: write {{ ${value} }}`, path);
  }

  slot(slot: string, path: string): AppFile | undefined {
    const account = Object.hasOwn(this.flow.accounts, slot) ? this.flow.accounts[slot] : undefined;
    if (!account) this.add("unknown_account", `The flow has no account “${slot}”: name it in “accounts”`, path);
    return account && Object.hasOwn(this.#apps, account.app) ? this.#apps[account.app] : undefined;
  }

  /** That `SLOT.OPERATION` leads to something of the slot's app. */
  operation(ref: string, part: Part, path: string): void {
    const dot = ref.indexOf(".");
    const app = this.slot(ref.slice(0, dot), path);
    const key = ref.slice(dot + 1);
    if (app && !Object.hasOwn(app[part], key)) {
      const known = Object.keys(app[part]).join(", ") || "none";
      this.add("unknown_operation", `${app.name} has no ${WORD[part]} “${key}”; it has ${known}`, path);
    }
  }

  block(key: string, path: string): void {
    if (!this.flow.blocks.some((block) => block.key === key)) this.add("unknown_block", `The flow has no block “${key}”`, path);
  }
}
