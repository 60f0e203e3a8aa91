import { plusIcon } from "../../ui/icons.ts";
import { partsFor } from "../settings/parts.ts";
import { boxIcon, cogIcon, flowIcon, moonIcon, personIcon } from "../ui/console-icons.ts";
import { say } from "../words.ts";
import { listAll } from "./api.ts";
import type { Command } from "./commands.ts";
import { hrefOf } from "./place.ts";
import { SECTIONS } from "./sections.ts";
import { can, type Session } from "./session.ts";

/** What can be offered before anything is read. */
export function commandsAtOnce(session: Session): Command[] {
  const actions: Command[] = can(session, "write")
    ? [
        {
          id: "new-flow",
          name: say("newFlow"),
          kind: say("actions"),
          icon: plusIcon,
          href: hrefOf("/flows", { new: "template" }),
          words: "create template blank",
        },
      ]
    : [];
  const places = SECTIONS.map(
    ({ name, label, path, icon }): Command => ({ id: `go-${name}`, name: label, kind: say("goTo"), icon, href: hrefOf(path) }),
  );
  return [
    ...actions,
    ...places,
    ...partsFor(session).map(
      ({ name, label }): Command => ({
        id: `settings-${name}`,
        name: label,
        kind: say("settings"),
        icon: cogIcon,
        href: hrefOf(`/settings/${name}`),
      }),
    ),
    { id: "theme", name: say("theme"), kind: say("actions"), icon: moonIcon, words: "dark light", run: turnTheme },
  ];
}

/** Everything that the palette finds: sections, parts of Settings, flows, apps and users. */
export async function readCommands(session: Session, signal: AbortSignal): Promise<Command[]> {
  const [flows, apps, users] = await Promise.all([
    listAll<{ key: string; name: string; tags: string[] }>("flows", {}, signal),
    listAll<{ key: string; name: string }>("apps", {}, signal),
    listAll<{ id: string; externalId: string; name: string | null; email: string | null; org: string | null }>("users", {}, signal, 1_000),
  ]);
  return [
    ...commandsAtOnce(session),
    ...flows.map(({ key, name, tags }) => ({
      id: `flow-${key}`,
      name,
      kind: say("flows"),
      icon: flowIcon,
      words: `${key} ${tags.join(" ")}`,
      href: hrefOf(`/flows/${key}`),
    })),
    ...apps.map(({ key, name }) => ({
      id: `app-${key}`,
      name,
      kind: say("apps"),
      icon: boxIcon,
      words: key,
      href: hrefOf(`/apps/${key}`),
    })),
    ...users.map(({ id, externalId, name, email, org }) => ({
      id: `user-${id}`,
      name: name ?? externalId,
      kind: say("users"),
      icon: personIcon,
      words: `${externalId} ${email ?? ""} ${org ?? ""}`,
      href: hrefOf(`/users/${id}`),
    })),
  ];
}

const turnTheme = (from: HTMLElement) => {
  from.dispatchEvent(new CustomEvent("console-theme", { bubbles: true, composed: true }));
};
