import { LitElement } from "lit";
import { expect, onTestFinished, test, vi } from "vitest";
import { asApiError, ResourceController } from "./resource.ts";

const load = vi.fn(async () => "value");
class ReadingElement extends LitElement {
  readonly resource = new ResourceController(this, { key: () => ["a"], load });
}
customElements.define("test-reading", ReadingElement);

test("what has left the page reads nothing, and reads again when it comes back", async () => {
  const element = document.createElement("test-reading") as ReadingElement;
  document.body.append(element);
  onTestFinished(() => element.remove());
  await vi.waitFor(() => expect(element.resource.value).toBe("value"));
  expect(load).toHaveBeenCalledTimes(1);
  element.remove();
  element.requestUpdate();
  await element.updateComplete;
  expect(load).toHaveBeenCalledTimes(1);
  document.body.append(element);
  element.requestUpdate();
  await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(2));
});

test("a refusal of another version of the script, whose class is another, stays what it is", () => {
  const other = Object.assign(new Error("Taken"), { name: "ApiError", code: "invalid", status: 422, retryable: false, errors: [] });
  expect(asApiError(other)).toBe(other);
  expect(asApiError(new Error("a bug"))).toMatchObject({ code: "internal", status: 500 });
});
