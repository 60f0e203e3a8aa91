// What compiles in Solid.
import type {} from "@inlay/widget/solid";

export const good = (
  <inlay-marketplace
    class="wide"
    api="https://edge.example"
    layout="grid"
    prop:getToken={async () => "token"}
    on:inlay-run-finished={({ detail }) => detail.tasks.toFixed()}
  />
);
// @ts-expect-error no such layout
export const layout = <inlay-marketplace layout="rows" />;
// @ts-expect-error a promise of a token
export const token = <inlay-marketplace prop:getToken={() => "token"} />;
