import { afterEach, describe, expect, it, vi } from "vitest";
import { logFault, logRefusal } from "./log-line.ts";

afterEach(() => void vi.restoreAllMocks());

describe("an entry of the log", () => {
  it("is one line, whatever it tells of", () => {
    const lines: string[] = [];
    for (const name of ["error", "warn"] as const) vi.spyOn(console, name).mockImplementation((line: string) => void lines.push(line));
    logFault("run", { run: "run_1", error: new Error("a\nb", { cause: new Error("c\r\n\u2028d") }) });
    logRefusal("refused", { agent: 'x"}\n{"event":"forged' });
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).not.toMatch(/[\r\n]/);
    const [fault, refusal] = lines.map((line) => JSON.parse(line));
    expect(fault).toMatchObject({
      event: "run",
      run: "run_1",
      error: { message: "a\nb", stack: expect.stringContaining("log-line.test") },
    });
    expect(Date.parse(fault.at)).toBeGreaterThan(0);
    expect(refusal).toMatchObject({ event: "refused", agent: 'x"}\n{"event":"forged' });
  });
});
