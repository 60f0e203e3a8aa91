import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readCursor, writeCursor } from "./cursor.ts";

describe("a cursor", () => {
  const shape = z.tuple([z.string(), z.number()]);
  it("is good for its own list alone", async () => {
    const cursor = await writeCursor(["a", 1], ["ä/ö", 2]);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(await readCursor(["a", 1], cursor, shape)).toEqual(["ä/ö", 2]);
    for (const [list, text] of [
      [["a", 2], cursor],
      [["a", 1], `${cursor}x`],
      [["a", 1], "{}"],
      [["a", 1], btoa('["x"]')],
    ] as const)
      await expect(readCursor(list, text, shape)).rejects.toMatchObject({ code: "bad_request" });
  });
});
