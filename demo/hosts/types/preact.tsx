// What compiles in Preact.
import type {} from "@inlay/widget/preact";

export const good = (
  <inlay-marketplace
    class="wide"
    api="https://edge.example"
    layout="grid"
    readonly
    getToken={async () => "token"}
    oninlay-run-finished={({ detail }) => detail.tasks.toFixed()}
  />
);
// @ts-expect-error no such layout
export const layout = <inlay-marketplace layout="rows" />;
// @ts-expect-error no such element
export const element = <inlay-market />;
