import type { TemplateResult } from "lit";
import { plugIcon, warningIcon } from "../../ui/icons.ts";
import { boxIcon, chartIcon, cogIcon, flowIcon, homeIcon, runsIcon, usersIcon } from "../ui/console-icons.ts";
import { say } from "../words.ts";

/** An entry of the navigation; `key` goes there after `g`. */
export interface Section {
  name: string;
  label: string;
  path: string;
  icon: TemplateResult;
  key: string;
}

export const SECTIONS: readonly Section[] = [
  { name: "home", label: say("home"), path: "/", icon: homeIcon, key: "h" },
  { name: "flows", label: say("flows"), path: "/flows", icon: flowIcon, key: "f" },
  { name: "runs", label: say("runs"), path: "/runs", icon: runsIcon, key: "r" },
  { name: "errors", label: say("errors"), path: "/errors", icon: warningIcon, key: "e" },
  { name: "connections", label: say("connections"), path: "/connections", icon: plugIcon, key: "c" },
  { name: "users", label: say("users"), path: "/users", icon: usersIcon, key: "u" },
  { name: "analytics", label: say("analytics"), path: "/analytics", icon: chartIcon, key: "a" },
  { name: "apps", label: say("apps"), path: "/apps", icon: boxIcon, key: "p" },
  { name: "settings", label: say("settings"), path: "/settings", icon: cogIcon, key: "s" },
];
