// What compiles in React 19.
import type { MarketplaceElement } from "@inlay/widget";
import type {} from "@inlay/widget/react";
import type { RefObject } from "react";

const token = async () => "token";

export const good = (ref: RefObject<MarketplaceElement | null>) => (
  <inlay-marketplace
    ref={ref}
    className="wide"
    style={{ blockSize: "40rem" }}
    api="https://edge.example"
    lang="de"
    layout="grid"
    readonly
    getToken={token}
    prefill={{ a: 1 }}
    oninlay-before-delete={(event) => event.preventDefault()}
    oninlay-run-finished={({ detail }) => detail.tasks.toFixed()}
  >
    <p slot="empty">Nothing yet</p>
  </inlay-marketplace>
);
export const setup = <inlay-setup flow="contacts" integration="int_1" />;
export const accounts = <inlay-accounts app="pipeline" />;
export const integrations = <inlay-integrations tag="crm" />;

// @ts-expect-error no such layout
export const layout = <inlay-marketplace layout="rows" />;
// @ts-expect-error a flow is a string
export const flow = <inlay-setup flow={1} />;
// @ts-expect-error another event's detail
export const event = <inlay-marketplace oninlay-flow-opened={({ detail }) => detail.app} />;
// @ts-expect-error no such element
export const element = <inlay-market />;
