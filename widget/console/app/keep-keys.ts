/**
 * Takes what is typed from now on, wherever the focus is, for a field that is on its way: letters must not go astray, nor be taken for
 * shortcuts. The function that it answers ends that, and tells what was typed.
 */
export function keepKeys(): () => string {
  let text = "";
  const keep = (event: KeyboardEvent): void => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key.length === 1) text += event.key;
    else if (event.key === "Backspace") text = text.slice(0, -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener("keydown", keep, { capture: true });
  return () => {
    window.removeEventListener("keydown", keep, { capture: true });
    return text;
  };
}
