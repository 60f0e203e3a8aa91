import { expect, onTestFinished, test } from "vitest";
import { cdp, page, userEvent } from "vitest/browser";
import "./code-editor.ts";

async function place(value: string) {
  const editor = document.createElement("inlay-console-editor");
  Object.assign(editor, { value, label: "Flow file" });
  document.body.append(editor);
  onTestFinished(() => editor.remove());
  const text = page.getByLabelText("Flow file");
  await expect.element(text).toBeVisible();
  return { editor: editor as HTMLElement & { value: string }, text };
}

test("a bracket typed over a selection goes around it", async () => {
  const { editor, text } = await place("name");
  await text.click();
  await userEvent.keyboard("{Control>}a{/Control}[[");
  await expect.poll(() => editor.value).toBe("[name]");
});

test("typing over a selection replaces it, and brings no inline style that the console's policy forbids", async () => {
  const refused: string[] = [];
  const refuse = ({ violatedDirective }: SecurityPolicyViolationEvent) => refused.push(violatedDirective);
  document.addEventListener("securitypolicyviolation", refuse);
  onTestFinished(() => document.removeEventListener("securitypolicyviolation", refuse));
  const { editor, text } = await place("inlay: 1\nkey: hello # a comment\nname: Hello\n");
  const policy = document.createElement("meta");
  Object.assign(policy, { httpEquiv: "Content-Security-Policy", content: "style-src-attr 'none'" });
  document.head.append(policy);
  await text.click();
  await userEvent.keyboard("{Control>}a{/Control}");
  await cdp().send("Input.insertText", { text: "inlay: 1\nkey: n" });
  await userEvent.keyboard("ew");
  await expect.poll(() => editor.value).toBe("inlay: 1\nkey: new");
  expect(refused).toEqual([]);
});
