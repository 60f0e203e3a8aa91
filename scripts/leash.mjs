// `leash.mjs COMMAND [arguments]`: runs a command that ends when whoever started it ends, even by kill -9.
// The starter holds the other end of stdin; when that closes, the command gets SIGTERM, and SIGKILL 4 s later.
import { spawn } from "node:child_process";

const [command = "", ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
const stop = () => {
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), 4_000).unref();
};
process.stdin.on("end", stop).on("error", stop).resume();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
