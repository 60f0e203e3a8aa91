import type { Rhythm } from "./cron-words.ts";

/** Five-field cron text of a rhythm. */
export function writeCron(rhythm: Rhythm): string {
  switch (rhythm.kind) {
    case "custom":
      return rhythm.cron;
    case "minutes":
      return `*/${rhythm.every} * * * *`;
    case "hourly":
      return `${rhythm.minute} * * * *`;
    case "daily":
      return `${clock(rhythm.time)} * * *`;
    case "weekdays":
      return `${clock(rhythm.time)} * * 1-5`;
    case "weekly":
      return `${clock(rhythm.time)} * * ${rhythm.days.join(",") || "1"}`;
    case "monthly":
      return `${clock(rhythm.time)} ${rhythm.day} * *`;
  }
}

function clock(time: string): string {
  const [hour = "0", minute = "0"] = time.split(":");
  return `${Number(minute)} ${Number(hour)}`;
}
