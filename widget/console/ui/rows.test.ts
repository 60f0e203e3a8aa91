import { html } from "lit";
import { afterEach, expect, test } from "vitest";
import { expectAccessible } from "../../testing/expect-accessible.ts";
import type { Column } from "./rows.ts";
import "./rows.ts";
import type { RowsElement } from "./rows.ts";

interface Row {
  id: string;
  name: string;
}
const ROWS: Row[] = Array.from({ length: 10_000 }, (_, index) => ({ id: `row_${index}`, name: `Row ${index}` }));
const COLUMNS: Column<Row>[] = [
  { key: "name", label: "Name", width: "1fr", narrow: "main", cell: ({ name }) => html`<span>${name}</span>` },
  { key: "id", label: "Id", width: "120px", cell: ({ id }) => id },
];

afterEach(() => document.body.replaceChildren());

async function place(inlineSize = "900px"): Promise<RowsElement<Row>> {
  const element = document.createElement("inlay-console-rows") as RowsElement<Row>;
  Object.assign(element, {
    columns: COLUMNS,
    rows: ROWS,
    idOf: (row: Row) => row.id,
    hrefOf: (row: Row) => `#${row.id}`,
    label: "Rows",
    chosen: new Set(),
  });
  Object.assign(element.style, { blockSize: "600px", inlineSize });
  element.addEventListener("rows-select", (event) => {
    element.chosen = (event as CustomEvent<Set<string>>).detail;
  });
  document.body.append(element);
  await settle(element);
  return element;
}

/** Sizes are told a frame later. */
async function settle(element: RowsElement<Row>): Promise<void> {
  for (let frame = 0; frame < 3; frame++) {
    await new Promise((done) => requestAnimationFrame(done));
    await element.updateComplete;
  }
}

const drawn = (element: RowsElement<Row>) => [...(element.shadowRoot?.querySelectorAll<HTMLElement>("[data-index]") ?? [])];
const table = (element: RowsElement<Row>) => element.shadowRoot?.querySelector(".table") as HTMLElement;
const press = (key: string) => window.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));

test("the headings stay in sight as the list is scrolled", async () => {
  const element = await place();
  table(element).scrollTop = 9_000;
  await settle(element);
  const [heads, all] = [element.shadowRoot?.querySelector(".heads")?.getBoundingClientRect(), table(element).getBoundingClientRect()];
  expect(heads?.top).toBe(all.top);
  expect(element.shadowRoot?.elementFromPoint(all.left + 60, all.top + 10)?.closest(".heads")).not.toBeNull();
});

test("of 10,000 rows only those that are seen are drawn, wherever one is", async () => {
  const element = await place();
  expect(drawn(element).length).toBeLessThan(50);
  expect(table(element).getAttribute("aria-rowcount")).toBe("10001");
  table(element).scrollTop = 5_000 * 42;
  await settle(element);
  expect(drawn(element).length).toBeLessThan(50);
  expect(drawn(element).some((row) => row.textContent?.includes("Row 5005"))).toBe(true);
});

test("however far one scrolls, a step costs what is seen and no more", async () => {
  const element = await place();
  let cells = 0;
  element.columns = [{ ...COLUMNS[0], cell: ({ name }: Row) => html`<span>${name} ${cells++ && ""}</span>` } as Column<Row>];
  await settle(element);
  for (let step = 1; step <= 20; step++) {
    cells = 0;
    table(element).scrollTop = step * 20_000;
    await settle(element);
    expect(cells).toBeLessThan(150);
  }
});

test("j and k move, x selects, and what is far away is scrolled to", async () => {
  const element = await place();
  const focused = () => element.shadowRoot?.activeElement?.closest<HTMLElement>("[data-index]")?.dataset.index;
  for (let step = 0; step < 30; step++) {
    press("j");
    await settle(element);
  }
  expect(focused()).toBe("29");
  expect(table(element).scrollTop).toBeGreaterThan(0);
  press("k");
  await settle(element);
  expect(focused()).toBe("28");
  press("x");
  await settle(element);
  expect([...(element.chosen ?? [])]).toEqual(["row_28"]);
});

test("the next page is asked for near the end", async () => {
  const element = await place();
  let asked = 0;
  element.addEventListener("rows-end", () => asked++);
  table(element).scrollTop = 10_000 * 42;
  await settle(element);
  expect(asked).toBeGreaterThan(0);
});

test("on a phone rows are two lines high, and a screen reader loses nothing", async () => {
  const element = await place("360px");
  expect(drawn(element)[0]?.classList.contains("two")).toBe(true);
  await expectAccessible(element);
});
