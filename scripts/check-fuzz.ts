// `npm run check:fuzz`: odd requests to every route of the OpenAPI document, against the Inlay that npm start serves (or --url, with
// INLAY_BOOTSTRAP_TOKEN). None may be answered with a fault of ours, and each refusal is a problem in words.
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { type FuzzWorld, makeFuzzWorld } from "./fuzz/fuzz-world.ts";
import { ODD_TEXTS, type Schema, valuesOf } from "./fuzz/schema-values.ts";
import { paths } from "./settings.ts";

interface Operation {
  method: string;
  path: string;
  security: string;
  parameters: { in: string; name: string; schema?: Schema }[];
  body: Schema | undefined;
}
interface Sent {
  operation: Operation;
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** Requests that are under way at once. */
const BATCH = 24;
/** Streams do not end; health says 503 where a machine is busy, and means it. */
const LEFT_OUT = /^\/(?:v1\/(?:workspace\/)?stream|health)$/;
/** How long (ms) an answer may take: none at all is a fault as well. */
const PATIENCE = 60_000;
/** An app that is not there is no fault of ours. */
const APPS_FAULT = /^(?:app_failed|app_timeout)$/;

const { values } = parseArgs({
  options: { requests: { type: "string", default: "50000" }, seed: { type: "string" }, url: { type: "string" } },
});
const total = Number(values.requests);
const seed = Number(values.seed ?? Date.now() % 1_000_000);

function access(): { url: string; bootstrapToken: string } {
  if (values.url) return { url: values.url.replace(/\/+$/, ""), bootstrapToken: process.env.INLAY_BOOTSTRAP_TOKEN ?? "" };
  if (!existsSync(paths.dev)) {
    console.error("No local Inlay has been started yet: run npm start beside this, or name one by --url.");
    process.exit(1);
  }
  const { edgeUrl } = JSON.parse(readFileSync(paths.dev, "utf8")) as { edgeUrl: string };
  const { bootstrapToken } = JSON.parse(readFileSync(paths.secrets, "utf8")) as { bootstrapToken: string };
  return { url: edgeUrl, bootstrapToken };
}

type Document = {
  paths: Record<
    string,
    Record<
      string,
      { security?: object[]; parameters?: Operation["parameters"]; requestBody?: { content?: Record<string, { schema?: Schema }> } }
    >
  >;
  components?: { schemas?: Record<string, Schema> };
};

function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    LEFT_OUT.test(path)
      ? []
      : Object.entries(methods).map(([method, { security = [], parameters = [], requestBody }]) => ({
          ...{ method: method.toUpperCase(), path, parameters },
          security: Object.keys(security[0] ?? {})[0] ?? "none",
          body: Object.values(requestBody?.content ?? {})[0]?.schema,
        })),
  );
}

const ascii = (text: string) => text.replaceAll(/[^\x20-\x7e]/g, "?");
const wellFormed = (text: string) => text.replaceAll(/[\ud800-\udfff]/g, "?");

function requestOf(operation: Operation, components: Record<string, Schema>, { known, hook }: FuzzWorld): fc.Arbitrary<Sent> {
  const word = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...known) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD_TEXTS) },
    fc.string({ maxLength: 12 }),
  );
  const names = operation.path.match(/\{\w+\}/g) ?? [];
  const place = fc.array(word, { minLength: names.length, maxLength: names.length });
  const query = operation.parameters.filter((one) => one.in === "query");
  const asked = fc.record(Object.fromEntries(query.map((one) => [one.name, valuesOf(one.schema ?? {}, components, known, 1)])), {
    requiredKeys: [],
  });
  const stray = fc.dictionary(fc.constantFrom("limit", "cursor", "tag", "token", "_method", "x"), word, { maxKeys: 1 });
  const fits = operation.body && valuesOf(operation.body, components, known).map((value) => JSON.stringify(value));
  const other = fc.oneof(
    fc.string({ unit: "binary", maxLength: 80 }),
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.constantFrom("", "{", "[".repeat(500), '{"__proto__":{}}'),
  );
  const body = fits ? fc.oneof({ weight: 6, arbitrary: fits }, { weight: 1, arbitrary: other }) : other;
  const headers = fc.record(
    {
      "content-type": fc.constantFrom(
        "text/plain",
        "application/json; charset=utf-16",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
      ),
      "if-match": fc.constantFrom("*", '"x"', "W/x", "~"),
      "if-none-match": fc.constantFrom("*", '"x"'),
      "idempotency-key": fc.constantFrom("", "a b", "k".repeat(300), "odd", "same"),
      "x-http-method-override": fc.constant("DELETE"),
      "content-encoding": fc.constantFrom("gzip", "br"),
      cookie: fc.constantFrom("inlay-session=x", "inlay-session=", "=;;="),
    },
    { requiredKeys: [] },
  );
  const seldom = fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: headers });
  return fc.tuple(place, asked, stray, seldom, body, fc.nat(9)).map(([texts, parameters, more, extra, sent, luck]) => {
    let index = 0;
    const filled = operation.path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(wellFormed(texts[index++] ?? "")));
    const path = operation.path.startsWith("/hooks/{") && luck < 6 ? hook : filled;
    const search = new URLSearchParams(
      Object.entries({ ...parameters, ...more }).map(([name, value]) => [
        name,
        wellFormed(typeof value === "string" ? value : (JSON.stringify(value) ?? "")),
      ]),
    );
    const own = Object.fromEntries(Object.entries(extra).map(([name, value]) => [name, ascii(String(value))]));
    const hasBody = operation.method !== "GET" && operation.method !== "HEAD";
    return {
      operation,
      path: `${path}${search.size ? `?${search}` : ""}`,
      headers: { "content-type": "application/json", ...own },
      body: hasBody ? wellFormed(sent) : undefined,
    };
  });
}

const counts = new Map<string, number>();
let done = 0;

/** Why the answer to `sent` is not as it must be; undefined where it is. */
async function faultOf({ operation, path, headers, body }: Sent, url: string, tokens: Record<string, string>): Promise<string | undefined> {
  const token = tokens[operation.security];
  const { response, text } = await fetch(url + path, {
    method: operation.method,
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE),
    headers: { ...headers, ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body === undefined ? {} : { body }),
  }).then(async (response) => ({ response, text: await response.text() }));
  counts.set(String(response.status), (counts.get(String(response.status)) ?? 0) + 1);
  done++;
  const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json") === true;
  const code = isProblem ? String((JSON.parse(text) as { code?: unknown }).code) : "";
  if (response.status >= 500 && !APPS_FAULT.test(code)) return `${response.status}: ${text.slice(0, 500)}`;
  if (response.status >= 400 && path.startsWith("/v1/") && !isProblem)
    return `${response.status} is no problem in words: ${text.slice(0, 200)}`;
  return undefined;
}

const { url, bootstrapToken } = access();
const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
const operations = operationsOf(document);
const world = await makeFuzzWorld(url, bootstrapToken);
const tokens: Record<string, string> = { apiToken: world.apiToken, bootstrapToken, userToken: await world.userToken() };
const renewal = setInterval(() => void world.userToken().then((token) => Object.assign(tokens, { userToken: token })), 120_000);
const requests = fc.oneof(...operations.map((operation) => requestOf(operation, document.components?.schemas ?? {}, world)));
const begun = Date.now();
console.log(`${operations.length} operations, ${total} requests, seed ${seed}`);
const progress = setInterval(() => console.log(`${done} in ${Math.round((Date.now() - begun) / 1_000)} s`), 30_000);
const result = await fc.check(
  fc.asyncProperty(fc.array(requests, { minLength: BATCH, maxLength: BATCH }), async (batch) => {
    const faults = await Promise.all(
      batch.map(async (sent) => ({ sent, fault: await faultOf(sent, url, tokens).catch((error: Error) => `No answer: ${error.message}`) })),
    );
    for (const { sent, fault } of faults) {
      if (fault) throw new Error(`${sent.operation.method} ${sent.path}\n${JSON.stringify(sent.headers)}\n${sent.body ?? ""}\n${fault}`);
    }
  }),
  { numRuns: Math.ceil(total / BATCH), seed, endOnFailure: true },
);
clearInterval(renewal);
clearInterval(progress);
const statuses = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([status, count]) => `${status}: ${count}`);
console.log(`${done} requests in ${Math.round((Date.now() - begun) / 1_000)} s. ${statuses.join(", ")}`);
if (result.failed) {
  console.error(
    `A fault after ${result.numRuns} batches (--seed ${seed}):\n${result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance)}`,
  );
  process.exit(1);
}
console.log("No fault of ours.");
