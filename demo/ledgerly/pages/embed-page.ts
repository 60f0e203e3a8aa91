import { html } from "hono/html";
import { ICON } from "./layout.ts";
import { widgetElement, widgetScript } from "./widget-markup.ts";

/** The least that a host page can be: the script tag and the element. `query` gives the element's name (`element`) and attributes. */
export function embedPage(edgeUrl: string, query: Record<string, string>, token: string) {
  const scheme = query.theme === "light" || query.theme === "dark" ? query.theme : "light dark";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${scheme}">
<title>Inlay, embedded</title>
${ICON}
${widgetScript(edgeUrl)}
</head>
<body>
<main>
${widgetElement(query.element, query, token)}
</main>
</body>
</html>`;
}
