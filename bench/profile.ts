// `node bench/profile.ts [loop]`: where the time of `orders-to-anywhere`, or of a loop of 100 calls, goes, by workerd's own profiler: self time by function.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LOOP, ORDERS } from "./flows.ts";
import { startInlay } from "./inlay.ts";
import { measure } from "./load.ts";
import { Target } from "./target.ts";

interface Node {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
}

const PORT = Number(process.env.PORT ?? 9163);
process.env.INLAY_INSPECTOR_PORT = String(PORT + 1);
const folder = mkdtempSync(join(tmpdir(), "inlay-profile-"));
const target = new Target();
const url = await target.start();
const inlay = await startInlay(PORT, folder);
try {
  const isLoop = process.argv[2] === "loop";
  await inlay.publish(isLoop ? LOOP : ORDERS);
  const integrations = await inlay.integrate(
    isLoop ? "loop" : "orders-to-anywhere",
    isLoop ? 1 : 8,
    isLoop ? { url } : { url, minimum: 0 },
  );
  const load = { urls: integrations.map((one) => one.url), connections: isLoop ? 1 : 16, target, pid: inlay.pid };
  await measure({ ...load, duration: 1_000 });
  const targets = (await (await fetch(`http://127.0.0.1:${PORT + 1}/json`)).json()) as { webSocketDebuggerUrl: string; id: string }[];
  const socket = new WebSocket(
    targets.find(({ id }) => id.includes("inlay"))?.webSocketDebuggerUrl ?? targets[0]?.webSocketDebuggerUrl ?? "",
  );
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  let next = 0;
  const send = <T>(method: string, params: object = {}): Promise<T> =>
    new Promise((resolve) => {
      const id = ++next;
      const hear = ({ data }: MessageEvent) => {
        const message = JSON.parse(String(data)) as { id: number; result: T };
        if (message.id !== id) return;
        socket.removeEventListener("message", hear);
        resolve(message.result);
      };
      socket.addEventListener("message", hear);
      socket.send(JSON.stringify({ id, method, params }));
    });
  await send("Profiler.enable");
  await send("Profiler.setSamplingInterval", { interval: 200 });
  await send("Profiler.start");
  const measured = await measure({ ...load, duration: Number(process.env.DURATION ?? 5_000) });
  const { profile } = await send<{ profile: { nodes: Node[]; samples: number[]; timeDeltas: number[] } }>("Profiler.stop");
  socket.close();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const self = new Map<string, number>();
  profile.samples.forEach((sample, index) => {
    const frame = nodes.get(sample);
    const name = `${frame?.functionName || "(anonymous)"} ${frame?.url.split("/").at(-1) ?? ""}:${(frame?.lineNumber ?? 0) + 1}`;
    self.set(name, (self.get(name) ?? 0) + (profile.timeDeltas[index] ?? 0));
  });
  console.log(`${measured.rate.toFixed(0)} runs/s, ${measured.cpu.toFixed(2)} ms CPU a run; self time, µs a run:`);
  for (const [name, time] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 45))
    console.log(`${(time / measured.accepted).toFixed(0).padStart(7)}  ${name}`);
} finally {
  await inlay.stop();
  target.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
