// For tests: an app with a token endpoint, in place of `globalThis.fetch`. Tests and Worker share one isolate, so this covers objects too.
import { vi } from "vitest";

/** What reached the provider. */
export interface Seen {
  method: string;
  url: string;
  path: string;
  headers: Headers;
  body: string;
}

/** Answers every call to the outside by `answer`, and keeps what was asked. `vi.unstubAllGlobals()` ends it. */
export function fakeProvider(answer: (request: Seen) => Response | Promise<Response>): Seen[] {
  const seen: Seen[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const { method, url, headers } = new Request(input, init);
    const request = { method, url, headers, path: new URL(url).pathname, body: String(init?.body ?? "") };
    seen.push(request);
    return answer(request);
  });
  return seen;
}
