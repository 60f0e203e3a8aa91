// HTML and Markdown of a flow's author, read into a small tree of known marks. Whatever is not known becomes its text; nothing is ever
// handed to the browser as markup, so there is no injection to sanitise and Trusted Types have nothing to object to.

export type RichTag = "p" | "h3" | "h4" | "ul" | "ol" | "li" | "strong" | "em" | "code" | "pre" | "blockquote" | "br" | "hr" | "a";
export type RichNode = string | { tag: RichTag; href?: string; children: RichNode[] };

const HTML_TAGS: Readonly<Record<string, RichTag>> = {
  ...{ p: "p", div: "p", h1: "h3", h2: "h3", h3: "h3", h4: "h4", h5: "h4", h6: "h4", ul: "ul", ol: "ol", li: "li" },
  ...{ b: "strong", strong: "strong", i: "em", em: "em", code: "code", kbd: "code", pre: "pre", blockquote: "blockquote" },
  ...{ br: "br", hr: "hr", a: "a" },
};
const VOID = new Set<RichTag>(["br", "hr"]);
const SILENT = new Set(["script", "style", "template", "title", "noscript", "iframe", "object", "svg", "math", "textarea"]);
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " ", mdash: "—", ndash: "–" };
const TOKEN = /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-zA-Z][a-zA-Z0-9-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/g;

/** Reads a subset of HTML: paragraphs, headings, lists, emphasis, code, quotes, links to http(s) and mailto. Never fails. */
export function readHtml(source: string): RichNode[] {
  const root: RichNode[] = [];
  const open: { name: string; children: RichNode[] }[] = [{ name: "", children: root }];
  const top = () => open.at(-1)?.children ?? root;
  let at = 0;
  let silent = "";
  for (const match of source.matchAll(TOKEN)) {
    if (!silent) pushText(top(), decodeEntities(source.slice(at, match.index)));
    at = match.index + match[0].length;
    const name = (match[2] ?? "").toLowerCase();
    const closes = match[1] === "/";
    if (silent) {
      if (closes && name === silent) silent = "";
    } else if (!closes && SILENT.has(name)) silent = name;
    else if (closes) {
      const from = open.findLastIndex((element) => element.name === name);
      if (from > 0) open.length = from;
    } else {
      const tag = Object.hasOwn(HTML_TAGS, name) ? HTML_TAGS[name] : undefined;
      if (!tag || open.length > 20) continue;
      const href = tag === "a" ? safeLink(decodeEntities(attribute(match[3] ?? "", "href"))) : undefined;
      const node = { tag, ...(href !== undefined && { href }), children: [] };
      top().push(node);
      if (!VOID.has(tag)) open.push({ name, children: node.children });
    }
  }
  if (!silent) pushText(top(), decodeEntities(source.slice(at)));
  return root;
}

function pushText(into: RichNode[], text: string): void {
  if (text !== "") into.push(text);
}

function attribute(attributes: string, name: string): string {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*("([^"]*)"|'([^']*)'|([^\\s>]+))`, "i").exec(attributes);
  return match?.[2] ?? match?.[3] ?? match?.[4] ?? "";
}

function decodeEntities(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = name[1]?.toLowerCase() === "x" ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}

/** The address where it is an absolute http, https or mailto one; otherwise undefined. */
export function safeLink(href: string): string | undefined {
  try {
    const url = new URL(href.trim());
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a subset of Markdown: headings, lists, quotes, fences, rules, emphasis, code, links. Never fails. */
export function readMarkdown(source: string): RichNode[] {
  const nodes: RichNode[] = [];
  const lines = source.replace(/\r\n?/g, "\n").split("\n");
  let at = 0;
  const take = (pattern: RegExp): string[] => {
    const taken: string[] = [];
    for (let match = pattern.exec(lines[at] ?? ""); match && at < lines.length; match = pattern.exec(lines[at] ?? "")) {
      taken.push(match[1] ?? "");
      at += 1;
    }
    return taken;
  };
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    if (line.trim() === "") at += 1;
    else if (heading) {
      nodes.push({ tag: (heading[1] ?? "").length < 3 ? "h3" : "h4", children: readInline(heading[2] ?? "") });
      at += 1;
    } else if (/^(```|~~~)/.test(line)) {
      at += 1;
      const code = take(/^(?!```|~~~)(.*)$/);
      at += 1;
      nodes.push({ tag: "pre", children: [{ tag: "code", children: [code.join("\n")] }] });
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      nodes.push({ tag: "hr", children: [] });
      at += 1;
    } else if (/^\s*[-*+]\s+/.test(line)) nodes.push(listOf("ul", take(/^\s*[-*+]\s+(.*)$/)));
    else if (/^\s*\d+[.)]\s+/.test(line)) nodes.push(listOf("ol", take(/^\s*\d+[.)]\s+(.*)$/)));
    else if (/^>/.test(line))
      nodes.push({ tag: "blockquote", children: [{ tag: "p", children: readInline(take(/^>\s?(.*)$/).join(" ")) }] });
    else
      nodes.push({
        tag: "p",
        children: readInline(take(/^(?!\s*$|#{1,6}\s|```|~~~|>|\s*[-*+]\s|\s*\d+[.)]\s)(.*)$/).join(" ") || take(/^(.*)$/)[0] || ""),
      });
  }
  return nodes;
}

const listOf = (tag: "ul" | "ol", items: string[]): RichNode => ({
  tag,
  children: items.map((item) => ({ tag: "li", children: readInline(item) })),
});

const INLINE = /`([^`]+)`|\*\*(.+?)\*\*|__(.+?)__|\*([^*\s][^*]*)\*|\b_([^_\s][^_]*)_\b|\[([^\]]*)\]\(([^)\s]+)\)/g;

function readInline(text: string, depth = 0): RichNode[] {
  const nodes: RichNode[] = [];
  let at = 0;
  for (const match of depth > 4 ? [] : text.matchAll(INLINE)) {
    pushText(nodes, text.slice(at, match.index));
    at = match.index + match[0].length;
    const [whole, code, bold, bold2, italic, italic2, label, address] = match;
    const strong = bold ?? bold2;
    const em = italic ?? italic2;
    if (code !== undefined) nodes.push({ tag: "code", children: [code] });
    else if (strong !== undefined) nodes.push({ tag: "strong", children: readInline(strong, depth + 1) });
    else if (em !== undefined) nodes.push({ tag: "em", children: readInline(em, depth + 1) });
    else {
      const href = safeLink(address ?? "");
      if (href) nodes.push({ tag: "a", href, children: readInline(label ?? "", depth + 1) });
      else nodes.push(label || whole);
    }
  }
  pushText(nodes, text.slice(at));
  return nodes;
}
