import { describe, expect, it } from "vitest";
import { csvLine, csvResponse } from "./csv.ts";

describe("a line of CSV", () => {
  it("quotes what would break it, and leaves the rest", () => {
    expect(csvLine(["a", 'say "hi"', "x,y", "two\nlines", 3, null, undefined, { a: 1 }, true])).toBe(
      'a,"say ""hi""","x,y","two\nlines",3,,,"{""a"":1}",true\r\n',
    );
  });

  it.each(['=HYPERLINK("https://evil.example","x")', "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\0=1"])(
    "A11 shows %j as text: no spreadsheet takes it for a formula",
    (text) => {
      const [cell = ""] = [csvLine([text]).trimEnd()];
      expect(cell.replace(/^"/, "").startsWith("'")).toBe(true);
      expect(cell).toContain(text.replaceAll('"', '""'));
    },
  );

  it("keeps a negative number a number", () => expect(csvLine([-5])).toBe("-5\r\n"));
});

describe("an answer of CSV", () => {
  it("is saved under its name, all lines in order", async () => {
    async function* lines() {
      yield csvLine(["a"]);
      yield csvLine(["b"]);
    }
    const response = csvResponse("x.csv", lines());
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="x.csv"');
    expect(await response.text()).toBe("a\r\nb\r\n");
  });
});
