import { expect, it } from "vitest";
import { attachmentType } from "./attachment-type.ts";

const bytes = (...values: number[]) => new Uint8Array(values);
const text = (value: string) => new TextEncoder().encode(value);

it("a file is what its name's ending and its first bytes agree on", () => {
  expect(attachmentType("Plan.PDF", text("%PDF-1.7 …"))).toBe("application/pdf");
  expect(attachmentType("a.png", bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0))).toBe("image/png");
  expect(attachmentType("a.xlsx", bytes(0x50, 0x4b, 3, 4, 0))).toMatch(/spreadsheet/);
  expect(attachmentType("rows.csv", text("id,name\n1,Ä\n"))).toBe("text/csv");
  expect(attachmentType("a.webp", text("RIFF1234WEBPVP8 "))).toBe("image/webp");
});

it("what is no such file, and what a browser would run, is refused", () => {
  expect(attachmentType("a.png", text("<script>"))).toBeUndefined();
  expect(attachmentType("a.txt", bytes(0x4d, 0x5a, 0x00))).toBeUndefined();
  expect(attachmentType("a.txt", bytes(0xc3, 0x28))).toBeUndefined();
  for (const name of ["a.html", "a.svg", "a.exe", "a", "a.pdf.exe", "constructor", "a.constructor"])
    expect(attachmentType(name, text("hello")), name).toBeUndefined();
});
