import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { ATTACHMENT_MAX_BYTES, ATTACHMENTS_MAX } from "../../../shared/api/attachment-kinds.ts";
import { insertAttachment } from "../../db/attachments.ts";
import { findFlow } from "../../db/flow-files.ts";
import { makeMember } from "../../testing/member-client.ts";

const FLOW = `inlay: 1
key: hello
name: Hello
blocks:
  - { key: go, name: Go, trigger: { manual: {} }, steps: [{ key: say, value: hi }] }
`;
const PDF = new TextEncoder().encode("%PDF-1.7\nplan");

async function makeFlow() {
  const member = await makeMember();
  await member.ws.flow(FLOW);
  const flow = (await findFlow(member.ws.db, member.ws.id, "hello"))?.id ?? "";
  const attach = (name: string, bytes: Uint8Array | string = PDF) =>
    member.api("POST", `flows/hello/attachments?name=${encodeURIComponent(name)}`, bytes, { "content-type": "application/octet-stream" });
  return { ...member, flow, attach };
}

it("a file is attached, listed, renamed, downloaded as it was, and removed with its bytes", async () => {
  const { api, attach, ws, flow } = await makeFlow();
  const made = await attach("Plan für März.pdf");
  expect(made).toMatchObject({
    status: 201,
    body: { name: "Plan für März.pdf", type: "application/pdf", size: PDF.byteLength, author: "Grace" },
  });
  const path = `flows/hello/attachments/${made.body.id}`;
  expect(await api("PATCH", path, JSON.stringify({ name: "plan.txt" }), { "content-type": "application/json" })).toMatchObject({
    status: 422,
  });
  expect(await api("PATCH", path, { name: "Plan “4”.pdf" })).toMatchObject({ status: 200, body: { name: "Plan “4”.pdf" } });
  expect((await api("GET", "flows/hello/attachments")).body.items).toMatchObject([{ name: "Plan “4”.pdf" }]);
  const read = await api("GET", path);
  expect(read).toMatchObject({ status: 200, body: "%PDF-1.7\nplan" });
  expect(Object.fromEntries(read.headers)).toMatchObject({
    "content-type": "application/pdf",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "content-disposition": "attachment; filename=\"Plan _4_.pdf\"; filename*=UTF-8''Plan%20%E2%80%9C4%E2%80%9D.pdf",
  });
  expect(await api("DELETE", path)).toMatchObject({ status: 204 });
  expect(await api("GET", path)).toMatchObject({ status: 404 });
  expect((await env.FILES.list({ prefix: `${ws.id}/${flow}/` })).objects).toEqual([]);
});

it("what is too large, empty, disguised, or would run in a browser is refused and leaves nothing", async () => {
  const { api, attach } = await makeFlow();
  expect(await attach("big.txt", new Uint8Array(ATTACHMENT_MAX_BYTES + 1).fill(65))).toMatchObject({
    status: 413,
    body: { code: "too_large" },
  });
  expect(await attach("empty.txt", "")).toMatchObject({ status: 422 });
  for (const name of ["page.html", "image.svg", "tool.exe", "plan.png"])
    expect(await attach(name), name).toMatchObject({ status: 422, body: { errors: [{ code: "type" }] } });
  for (const name of ["../plan.pdf", "a\u202Efdp.pdf", "a\r\nb.pdf"]) expect((await attach(name)).status, name).toBeGreaterThanOrEqual(400);
  expect((await api("GET", "flows/hello/attachments")).body.items).toEqual([]);
});

it("a flow has so many at most, and takes their bytes with it when it goes for good", async () => {
  const { api, attach, ws, flow } = await makeFlow();
  expect((await attach("a.pdf")).status).toBe(201);
  for (let i = 1; i < ATTACHMENTS_MAX; i++)
    await insertAttachment(ws.db, {
      id: `fil_${ws.id}${i}`,
      workspace: ws.id,
      flow,
      name: "a.pdf",
      type: "application/pdf",
      size: 1,
      author: null,
      createdAt: i,
    });
  expect(await attach("b.pdf")).toMatchObject({ status: 409 });
  await api("DELETE", "flows/hello?confirm=Hello");
  expect((await env.FILES.list({ prefix: `${ws.id}/` })).objects).toHaveLength(1);
  expect(await api("DELETE", "bin/hello?confirm=Hello")).toMatchObject({ status: 204 });
  expect((await env.FILES.list({ prefix: `${ws.id}/` })).objects).toEqual([]);
});
