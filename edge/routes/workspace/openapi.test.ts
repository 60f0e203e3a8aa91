import { expect, it } from "vitest";
import { makeMember } from "../../testing/member-client.ts";

const DOCUMENT = JSON.stringify({
  openapi: "3.0.3",
  info: { title: "Pets", version: "1" },
  servers: [{ url: "https://pets.example/v1" }],
  components: { securitySchemes: { key: { type: "apiKey", in: "header", name: "X-Key" } } },
  paths: {
    "/pets": { get: { operationId: "listPets", responses: {} }, post: { operationId: "addPet", responses: {} } },
    "/pets/{id}": { get: { operationId: "getPet", responses: {} } },
  },
});

it("an app is made of a document's chosen operations, and can be stored as it comes", async () => {
  const { api } = await makeMember();
  const listed = await api("POST", "openapi/operations", { document: DOCUMENT });
  expect(listed.body.operations.map(({ id, kind }: { id: string; kind: string }) => [id, kind])).toEqual([
    ["listPets", "query"],
    ["addPet", "action"],
    ["getPet", "query"],
  ]);
  const made = await api("POST", "openapi/app", { document: DOCUMENT, operations: ["listPets", "addPet"], key: "my-pets" });
  expect(made.body).toMatchObject({ key: "my-pets", operations: ["listPets", "addPet"], faults: [], notes: [] });
  expect(await api("POST", "apps", made.body.source)).toMatchObject({ status: 200, body: { key: "my-pets", version: 1 } });
  expect((await api("GET", "apps")).body.items).toMatchObject([{ key: "my-pets", queries: ["list_pets"], actions: ["add_pet"] }]);
  for (const body of [{}, { document: "x" }, { document: "openapi: 3.0.0" }, "no json"])
    expect((await api("POST", "openapi/app", body)).status).toBeGreaterThanOrEqual(400);
});
