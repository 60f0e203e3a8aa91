import { describe, expect, it } from "vitest";
import { edgeClient } from "../testing/call-edge.ts";

describe("the JSON Schemas of files", () => {
  it.each(["flow", "app", "test"])("that of %s files refers to nothing that it does not define", async (kind) => {
    const { status, body } = await edgeClient()("GET", `/v1/schema/${kind}.json`);
    expect(status).toBe(200);
    const refs = [...JSON.stringify(body).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? "");
    expect(refs.length).toBeGreaterThan(5);
    const missing = refs.filter((ref) => ref !== "#" && !(ref.startsWith("#/$defs/") && Object.hasOwn(body.$defs, ref.slice(8))));
    expect([...new Set(missing)]).toEqual([]);
    expect(body).toMatchObject({
      type: "object",
      additionalProperties: false,
      required: expect.arrayContaining(kind === "test" ? ["inlay", "tests"] : ["inlay", "key", "name"]),
    });
  });

  it("that of flow files knows every kind of step", async () => {
    const { body } = await edgeClient()("GET", "/v1/schema/flow.json");
    const kinds = body.$defs.Step.anyOf as { properties: object; required: string[] }[];
    expect(kinds.map(({ required }) => required.find((key) => key !== "key"))).toEqual(
      expect.arrayContaining(["query", "if", "for", "parallel", "code", "respond"]),
    );
    expect(JSON.stringify(body.properties.blocks)).toContain('"#/$defs/Step"');
  });
});
