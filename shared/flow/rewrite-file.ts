// Changes of a file's text that leave every other byte as it is: comments, order and layout stay.
import { isMap, isScalar, parseDocument, stringify } from "yaml";

/** `source` with other texts for some of its top-level keys. A key that the file does not have is put in below the first line that has one. */
export function rewriteFile(source: string, texts: Readonly<Record<string, string>>): string {
  const document = parseDocument(source);
  if (!isMap(document.contents)) return source;
  const edits: { from: number; to: number; text: string }[] = [];
  for (const [name, value] of Object.entries(texts)) {
    const isFlow = document.contents.flow === true;
    const text = isFlow ? JSON.stringify(value) : stringify(value, { lineWidth: 0 }).trimEnd();
    const pair = document.contents.items.find(({ key }) => isScalar(key) && key.value === name);
    const node = pair?.value as { range?: [number, number, number] } | undefined;
    if (node?.range) edits.push({ from: node.range[0], to: node.range[1], text });
    else {
      const first = document.contents.items[0]?.key as { range?: [number, number, number] } | undefined;
      const at = first?.range?.[0] ?? 0;
      edits.push({ from: at, to: at, text: isFlow ? `${JSON.stringify(name)}: ${text}, ` : `${name}: ${text}\n` });
    }
  }
  edits.sort((a, b) => b.from - a.from);
  return edits.reduce((result, { from, to, text }) => result.slice(0, from) + text + result.slice(to), source);
}
