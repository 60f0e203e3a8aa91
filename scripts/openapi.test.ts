// Apps made from documents of each format do what the document says, against a mock made from the same document.
import { describe, expect, it } from "vitest";
import { checkApp } from "../edge/engine/check-app.ts";
import { AppFile } from "../shared/flow/app-file.ts";
import { readFile } from "../shared/flow/read-file.ts";
import { type OpenApiDocument, readDocument } from "../shared/openapi/document.ts";
import { listOperations } from "../shared/openapi/operations.ts";
import { toApp } from "../shared/openapi/to-app.ts";
import { tryQueries } from "./openapi-mock.ts";

const THREE = `
openapi: 3.1.0
info: { title: Book Shop, version: "2", description: "Books, and who buys them. More below." }
servers:
  - url: https://{tenant}.books.example/{version}
    variables: { tenant: { default: demo }, version: { default: v2 } }
security: [{ oauth: [read] }]
components:
  securitySchemes:
    oauth: { type: oauth2, flows: { authorizationCode: { authorizationUrl: https://id.books.example/authorize, tokenUrl: /token, scopes: { read: "", write: "" } } } }
    key: { type: apiKey, in: header, name: X-Key }
    cookie: { type: apiKey, in: cookie, name: sid }
  parameters:
    Cursor: { name: cursor, in: query, schema: { type: string } }
  schemas:
    Book:
      type: object
      required: [title]
      properties:
        id: { type: string, readOnly: true }
        title: { type: [string, "null"], maxLength: 80, description: "What it is called. In full." }
        kind: { enum: [novel, poems], default: novel }
        sold: { type: string, format: date-time }
        next: { $ref: "#/components/schemas/Book" }
paths:
  /me:
    get: { operationId: whoAmI, responses: { "200": { content: { application/json: { schema: { type: object, properties: { id: { type: string }, email: { type: string } } } } } } } }
  /books:
    get:
      operationId: listBooks
      summary: List books
      parameters:
        - $ref: "#/components/parameters/Cursor"
        - { name: limit, in: query, schema: { type: integer, maximum: 50 } }
        - { name: "sold[gte]", in: query, schema: { type: string, format: date } }
        - { name: kind, in: query, required: true, schema: { type: string } }
      responses:
        "200": { content: { application/json: { schema: { type: object, properties: { data: { type: array, items: { $ref: "#/components/schemas/Book" } }, meta: { type: object, properties: { next_cursor: { type: string } } } } } } } }
    post:
      operationId: addBook
      requestBody: { required: true, content: { application/json: { schema: { allOf: [{ $ref: "#/components/schemas/Book" }, { type: object, properties: { price: { type: number, minimum: 0 } } }] } } } }
      responses: { "201": {} }
  /books/{book-id}:
    parameters: [{ name: book-id, in: path, required: true, schema: { type: string } }]
    delete: { operationId: removeBook, responses: { "204": {} } }
  /covers:
    post: { operationId: addCover, requestBody: { content: { multipart/form-data: { schema: { type: object } } } }, responses: {} }
`;

const TWO = JSON.stringify({
  swagger: "2.0",
  info: { title: "Old Shop", version: "1.0" },
  host: "old.example",
  basePath: "/api/",
  schemes: ["http", "https"],
  securityDefinitions: {
    login: { type: "basic" },
    machine: { type: "oauth2", flow: "application", tokenUrl: "https://old.example/token", scopes: {} },
  },
  paths: {
    "/orders": {
      get: {
        parameters: [
          { name: "page", in: "query", type: "integer", default: 1 },
          { name: "per_page", in: "query", type: "integer" },
        ],
        responses: { 200: { schema: { type: "array", items: { type: "object", properties: { id: { type: "integer" } } } } } },
      },
      post: { operationId: "order", parameters: [{ name: "sku", in: "formData", type: "string", required: true }], responses: {} },
    },
  },
});

const open = (text: string): OpenApiDocument => {
  const read = readDocument(text);
  if (!read.ok) throw new Error(read.message);
  return read.document;
};
const made = (text: string, operations?: string[]) => {
  const document = open(text);
  const app = toApp(document, { operations });
  const result = readFile(app.source, AppFile);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  expect(checkApp(result.value)).toEqual([]);
  return { document, ...app, file: result.value };
};

describe("an app made from OpenAPI 3", () => {
  it("has the sign-ins, the address with a field for what differs, and the operations with their inputs", () => {
    const { file, notes } = made(THREE);
    expect(file).toMatchObject({
      key: "book-shop",
      name: "Book Shop",
      description: "Books, and who buys them.",
      baseUrl: "https://{{ account.tenant }}.books.example/v2",
    });
    expect(file.auth).toMatchObject([
      {
        key: "oauth",
        type: "oauth2",
        authorizeUrl: "https://id.books.example/authorize",
        tokenUrl: "/token",
        scopes: ["read"],
        client: { id: "BOOK_SHOP_CLIENT_ID" },
      },
      {
        key: "key",
        type: "api_key",
        in: "header",
        name: "X-Key",
        fields: [
          { key: "key", type: "secret" },
          { key: "tenant", required: true },
        ],
      },
    ]);
    expect(file.test).toEqual({ query: "who_am_i", id: "{{ body.id }}", label: "{{ body.email }}" });
    expect(file.queries.list_books).toMatchObject({
      input: [
        { key: "sold_gte", type: "date" },
        { key: "kind", type: "text", required: true },
      ],
      request: { path: "/books", query: { limit: 50, "sold[gte]": "{{ input.sold_gte }}", kind: "{{ input.kind }}" } },
      page: { next: "{{ body.meta.next_cursor }}", as: "query.cursor", items: "{{ body.data }}" },
    });
    expect(file.actions.add_book).toMatchObject({
      input: [
        { key: "title", type: "text", required: true, help: "What it is called.", validate: { maxLength: 80 } },
        { key: "kind", type: "select", options: ["novel", "poems"], default: "novel" },
        { key: "sold", type: "datetime" },
        { key: "next", type: "json" },
        { key: "price", type: "number", validate: { min: 0 } },
      ],
      request: { method: "POST", body: { title: "{{ input.title }}", price: "{{ input.price }}" } },
    });
    expect(file.actions.remove_book?.request).toMatchObject({ method: "DELETE", path: "/books/{{ input.book_id }}" });
    expect(notes.join("\n")).toMatch(/cookie[\s\S]*addCover/);
  });

  it("takes the operations that were chosen, and says which there are not", () => {
    const { file, notes, operations } = made(THREE, ["listBooks", "nothing"]);
    expect(operations).toEqual(["listBooks"]);
    expect(Object.keys({ ...file.queries, ...file.actions })).toEqual(["list_books"]);
    expect(notes).toContain("There is no operation “nothing”.");
    expect(listOperations(open(THREE)).map(({ id, kind }) => [id, kind])).toContainEqual(["removeBook", "action"]);
  });
});

describe("an app made from Swagger 2", () => {
  it("has address, sign-ins, forms and pages", () => {
    const { file } = made(TWO);
    expect(file.baseUrl).toBe("https://old.example/api");
    expect(file.auth.map(({ type }) => type)).toEqual(["basic", "oauth2_client_credentials"]);
    expect(file.queries.get_orders?.page).toEqual({ items: "{{ body }}", number: "query.page", first: 1, size: 100 });
    expect(file.actions.order?.request).toMatchObject({ encoding: "form", body: { sku: "{{ input.sku }}" } });
  });
});

it("its queries run against a mock made from the same document", async () => {
  for (const text of [THREE, TWO]) {
    const { document, file } = made(text);
    const tried = await tryQueries(document, file, 100);
    expect(tried.length).toBeGreaterThan(0);
    expect(tried.filter(({ ok }) => !ok)).toEqual([]);
  }
});

it("what is no such document is refused in words", () => {
  for (const text of ["", "[]", "{", "openapi: 3.0.0", "swagger: '1.2'\npaths: {}", "a: b: c:\n\t- x"]) {
    const read = readDocument(text);
    expect(read.ok, text).toBe(false);
    expect(read.ok ? "" : read.message).toMatch(/document/);
  }
});
