// Arrow keys among the cards: sideways to the neighbour in reading order, up and down to the nearest in the next line, whatever group it is in.

/** The card's button to focus after `key` at `from`; undefined where there is none that way. */
export function nextCard(buttons: readonly HTMLElement[], from: HTMLElement, key: string): HTMLElement | undefined {
  const at = buttons.indexOf(from);
  const isRtl = getComputedStyle(from).direction === "rtl";
  switch (key) {
    case "Home":
      return buttons[0];
    case "End":
      return buttons.at(-1);
    case "ArrowRight":
    case "ArrowLeft":
      return buttons[at + ((key === "ArrowRight") === isRtl ? -1 : 1)];
    default:
      return nearestLine(buttons, from, key === "ArrowDown" ? 1 : -1);
  }
}

function nearestLine(buttons: readonly HTMLElement[], from: HTMLElement, way: 1 | -1): HTMLElement | undefined {
  const boxOf = (button: HTMLElement) => (button.closest(".card") ?? button).getBoundingClientRect();
  const here = boxOf(from);
  const places = buttons.map((button) => ({ button, box: boxOf(button) })).filter(({ box }) => way * (box.top - here.top) > 1);
  const line = Math.min(...places.map(({ box }) => way * box.top));
  const inLine = places.filter(({ box }) => way * box.top - line < 2);
  return inLine.sort((a, b) => Math.abs(a.box.left - here.left) - Math.abs(b.box.left - here.left))[0]?.button;
}
