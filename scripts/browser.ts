// The browser that tests run in: one that is there, else one that the machine can install.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge"];
const APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Flags that keep Chromium quiet, and let it run as root in a container. */
export const BROWSER_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const isExecutable = (path: string) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Path of a Chromium: `CHROME_PATH`, one on the PATH, an installed application, or one that Playwright downloaded before. */
export function findBrowser(): string | undefined {
  const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [process.env.CHROME_PATH ?? "", ...onPath, ...APPLICATIONS, chromium.executablePath()].find(
    (path) => path !== "" && isExecutable(path),
  );
}

/** {@link findBrowser}, or installs one: Debian's package where this user may, else Playwright's build. Throws with what to do by hand. */
export function findOrInstallBrowser(): string {
  const found = findBrowser();
  if (found) return found;
  console.log("No browser found: installing Chromium …");
  const isRoot = process.getuid?.() === 0;
  const run = (command: string, args: string[]) =>
    spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } })
      .status === 0;
  if (isRoot && isExecutable("/usr/bin/apt-get")) run("apt-get", ["update", "-qq"]) && run("apt-get", ["install", "-y", "-qq", "chromium"]);
  if (!findBrowser()) run(process.execPath, [join(import.meta.dirname, "../node_modules/playwright-core/cli.js"), "install", "chromium"]);
  const installed = findBrowser();
  if (!installed)
    throw new Error("No browser could be installed. Install Chromium or Chrome, or set CHROME_PATH to one, and run npm test again.");
  return installed;
}
