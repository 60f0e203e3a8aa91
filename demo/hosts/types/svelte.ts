// What Svelte's templates are checked against.
import type {} from "@inlay/widget/svelte";
import type { SvelteHTMLElements } from "svelte/elements";

type Props = SvelteHTMLElements["inlay-marketplace"];
export const good: Props = {
  class: "wide",
  api: "https://edge.example",
  layout: "grid",
  readonly: true,
  getToken: async () => "token",
  "oninlay-run-finished": ({ detail }) => detail.tasks.toFixed(),
};
// @ts-expect-error no such layout
export const layout: Props = { layout: "rows" };
