import { expect, onTestFinished, test } from "vitest";
import { groundOf } from "./stuck-controller.ts";

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
