import "@inlay/widget/define";
import type { MarketplaceElement } from "@inlay/widget";
import type {} from "@inlay/widget/react";
import { useRef, useState } from "react";
import { fetchToken } from "./fetch-token.ts";

export function App() {
  const marketplace = useRef<MarketplaceElement>(null);
  const [news, setNews] = useState("");
  return (
    <main>
      <h1>Integrations</h1>
      <button type="button" onClick={() => marketplace.current?.refresh()}>
        Refresh
      </button>
      <inlay-marketplace
        ref={marketplace}
        api="http://localhost:8787"
        tag="-internal"
        getToken={fetchToken}
        oninlay-integration-created={({ detail }) => setNews(`${detail.name} is set up.`)}
        oninlay-run-finished={({ detail }) => setNews(`A run ended: ${detail.status}.`)}
      />
      <p role="status">{news}</p>
    </main>
  );
}
