import { expect, it } from "vitest";
import { edgeClient } from "../testing/call-edge.ts";

it.each([
  ["/setup", "ar-EG, en;q=0.5", 'lang="ar" dir="rtl"', "الإعداد"],
  ["/setup", "de-CH", 'lang="de" dir="ltr"', "Einrichtung"],
  ["/reconnect", "zh-Hans", 'lang="zh-CN" dir="ltr"', "重新连接"],
  ["/reconnect", "tlh", 'lang="en" dir="ltr"', "Reconnect"],
])("%s in %s speaks the browser's language before its script has come", async (path, accepted, tag, title) => {
  const { body, headers } = await edgeClient()("GET", path, undefined, { "accept-language": accepted });
  expect(body).toContain(`<html ${tag}>`);
  expect(body).toContain(`<title>${title}</title>`);
  expect(headers.get("vary")).toContain("accept-language");
  expect(headers.get("content-security-policy")).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/);
});
