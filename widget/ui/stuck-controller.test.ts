import { html, LitElement } from "lit";
import { expect, onTestFinished, test } from "vitest";
import { define } from "../define.ts";
import { groundOf, StuckController } from "./stuck-controller.ts";

function nest(...colours: string[]): HTMLElement {
  const outer = document.createElement("div");
  onTestFinished(() => outer.remove());
  let at: HTMLElement = outer;
  for (const colour of colours) {
    at.style.backgroundColor = colour;
    at = at.appendChild(document.createElement("div"));
  }
  document.body.append(outer);
  return at;
}

test("the ground is the nearest colour that is painted", () => {
  expect(groundOf(nest("rgb(1, 2, 3)", "rgb(4, 5, 6)", "transparent"))).toBe("rgb(4, 5, 6)");
});

test("a veil is no ground, in whatever notation", () => {
  expect(groundOf(nest("rgb(1, 2, 3)", "rgba(0, 0, 0, 0.2)"))).toBe("rgb(1, 2, 3)");
  expect(groundOf(nest("rgb(1, 2, 3)", "rgb(0 0 0 / 20%)"))).toBe("rgb(1, 2, 3)");
});

test("shadow roots are no border", () => {
  const host = nest("rgb(7, 8, 9)");
  const inner = document.createElement("p");
  host.attachShadow({ mode: "open" }).append(inner);
  expect(groundOf(inner)).toBe("rgb(7, 8, 9)");
});

class BarElement extends LitElement {
  constructor() {
    super();
    new StuckController(this, () => this.renderRoot?.querySelector("footer"));
  }
  override render() {
    return html`<div style="height: 3000px"></div><footer style="position: sticky; bottom: 0">Bar</footer><div>end</div>`;
  }
}
define("test-stuck-bar", BarElement);

test("a bar that is held at the edge follows the page as it goes dark", async () => {
  const around = document.createElement("div");
  const bar = document.createElement("test-stuck-bar");
  around.style.background = "rgb(255, 255, 255)";
  around.append(bar);
  document.body.append(around);
  onTestFinished(() => around.remove());
  const ground = () => bar.shadowRoot?.querySelector("footer")?.style.getPropertyValue("--_ground");
  await expect.poll(ground).toBe("rgb(255, 255, 255)");
  around.style.background = "rgb(10, 20, 30)";
  await expect.poll(ground).toBe("rgb(10, 20, 30)");
});
