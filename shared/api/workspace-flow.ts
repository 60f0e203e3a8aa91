// Flows as members see them: with drafts, versions and what hangs on them.
import { z } from "zod";
import { Key } from "../flow/key.ts";

const text = (max: number) => z.string().max(max);
/** Labels are kept in lower case, without blanks around them, each once. */
export const Labels = z
  .array(text(64))
  .max(50)
  .transform((labels) => [...new Set(labels.map((label) => label.trim().toLowerCase()).filter(Boolean))]);

/** A flow of the console's list. `version`: the published one, null where users cannot set it up. `folder`: null is Standalone. */
export const FlowRow = z.object({
  key: z.string(),
  name: z.string(),
  description: z.string(),
  icon: z.string().nullable(),
  category: z.string().nullable(),
  tags: z.array(z.string()),
  labels: z.array(z.string()),
  audience: z.enum(["everyone", "beta", "nobody"]),
  apps: z.array(z.object({ key: z.string(), name: z.string(), icon: z.string().nullable() })),
  folder: z.string().nullable(),
  version: z.number().int().nullable(),
  integrations: z.number().int(),
  /** Of these: switched on; of those: in need of somebody. */
  enabled: z.number().int(),
  attention: z.number().int(),
  openErrors: z.number().int(),
  updatedAt: z.string(),
});
export type FlowRow = z.infer<typeof FlowRow>;

export const FLOW_AVAILABILITY = ["published", "unpublished"] as const;
export const FLOW_HEALTH = ["ok", "attention", "errors"] as const;

/** What the list of flows may be narrowed to; everything given must hold. */
export const FlowFilter = z.object({
  search: text(200).optional().meta({ description: "Part of the name, the key or the description" }),
  category: text(100).optional(),
  label: text(64).optional(),
  tag: text(500).optional().meta({ description: "A tag expression: space = or, + = and, leading - = not" }),
  app: text(64).optional(),
  folder: text(64).optional().meta({ description: "A folder's id, or `standalone`" }),
  availability: z.enum(FLOW_AVAILABILITY).optional(),
  health: z.enum(FLOW_HEALTH).optional(),
});
export type FlowFilter = z.infer<typeof FlowFilter>;

/** One flow. `draft.changed`: it differs from the published version. `revision` counts changes of the draft. */
export const FlowInfo = FlowRow.extend({
  draft: z.object({ revision: z.number().int(), changed: z.boolean() }),
  versions: z.number().int(),
  forkedFrom: z.string().nullable(),
  deletedAt: z.string().nullable(),
});
export type FlowInfo = z.infer<typeof FlowInfo>;

/** A numbered version; its file never changes. `available`: integrations may be made of it or upgraded to it. */
export const FlowVersion = z.object({
  version: z.number().int(),
  note: z.string().nullable(),
  labels: z.array(z.string()),
  author: z.string().nullable(),
  available: z.boolean(),
  published: z.boolean(),
  integrations: z.number().int(),
  createdAt: z.string(),
});
export type FlowVersion = z.infer<typeof FlowVersion>;

/** A version with its file, byte for byte. */
export const FlowVersionDetail = FlowVersion.extend({ source: z.string() });
export const FlowVersionPatch = z.object({
  note: text(2_000).nullable().optional(),
  labels: Labels.optional(),
  available: z.boolean().optional(),
});
export const FlowPublish = z.object({ note: text(2_000).optional(), labels: Labels.optional() });

/** A fault of a file at its place; `suggestion` is what was probably meant. */
export const FileFault = z.object({
  code: z.string(),
  message: z.string(),
  path: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  suggestion: z.string().optional(),
});
export type FileFault = z.infer<typeof FileFault>;

/** The draft as it was stored; `faults` keep it from being published. */
export const DraftSaved = z.object({ key: z.string(), changed: z.boolean(), revision: z.number().int(), faults: z.array(FileFault) });
export const FileChecked = z.object({ kind: z.enum(["flow", "app"]), key: z.string().nullable(), faults: z.array(FileFault) });

const DiffLine = z.object({
  kind: z.enum(["same", "added", "removed"]),
  old: z.number().int().nullable(),
  new: z.number().int().nullable(),
  text: z.string(),
});
const Side = z.object({ line: z.number().int(), text: z.string() }).nullable();

/** What differs between two versions: `hunks` as a unified diff has them, or `rows` side by side. */
export const FlowComparison = z.object({
  from: z.string(),
  to: z.string(),
  added: z.number().int(),
  removed: z.number().int(),
  hunks: z
    .array(
      z.object({
        oldStart: z.number().int(),
        oldLines: z.number().int(),
        newStart: z.number().int(),
        newLines: z.number().int(),
        lines: z.array(DiffLine),
      }),
    )
    .optional(),
  rows: z.array(z.object({ left: Side, right: Side, changed: z.boolean() })).optional(),
});
export type FlowComparison = z.infer<typeof FlowComparison>;

/** What an upgrade from one version asks of users. `ready`: nothing, it can be done for them. */
export const UpgradeGroup = z.object({
  version: z.number().int(),
  integrations: z.number().int(),
  ready: z.boolean(),
  /** Fields that are required now and hold nothing: new ones, and such as have become required. */
  fields: z.array(z.object({ page: z.string(), key: z.string(), label: z.string(), type: z.string() })),
  /** Accounts that must be connected anew: new slots, or slots of another app. */
  accounts: z.array(z.object({ key: z.string(), app: z.string() })),
  /** What the form no longer has: values and accounts under these keys are left behind. */
  removedFields: z.array(z.string()),
  removedAccounts: z.array(z.string()),
  addedBlocks: z.array(z.string()),
  removedBlocks: z.array(z.string()),
});
export type UpgradeGroup = z.infer<typeof UpgradeGroup>;
export const UpgradePlan = z.object({ to: z.number().int(), groups: z.array(UpgradeGroup) });

/** Which integrations to upgrade: those named, or up to `limit` of all, behind `cursor`. */
export const UpgradeRequest = z.object({
  to: z.number().int().min(1).optional(),
  integrations: z.array(text(64)).min(1).max(50).optional(),
  limit: z.number().int().min(1).max(50).default(25),
  cursor: text(2_000).optional(),
});
export const Upgraded = z.object({
  items: z.array(z.object({ integration: z.string(), upgraded: z.boolean(), code: z.string().optional(), message: z.string().optional() })),
  nextCursor: z.string().nullable(),
});

/** A copy of a flow. `key`: `…-copy` where it is not given. */
export const FlowCopy = z.object({ key: Key.optional(), name: z.string().min(1).max(200).optional() });
/** `accounts`: which account of the workspace, by its key, each slot with `owner: workspace` uses in the copy. */
export const FlowClone = FlowCopy.extend({ accounts: z.record(Key, Key).optional() });
export const FlowPatch = z.object({ published: z.number().int().min(1).nullable().optional(), folder: text(64).nullable().optional() });

/** What goes with a flow. */
export const FlowFallout = z.object({
  key: z.string(),
  name: z.string(),
  integrations: z.number().int(),
  enabled: z.number().int(),
  users: z.number().int(),
  versions: z.number().int(),
});
export const BinnedFlow = z.object({
  key: z.string(),
  name: z.string(),
  deletedAt: z.string(),
  purgedAt: z.string(),
  integrations: z.number().int(),
});

export const Folder = z.object({ id: z.string(), name: z.string(), flows: z.number().int() });
export type Folder = z.infer<typeof Folder>;
export const FolderWrite = z.object({ name: z.string().trim().min(1).max(100) });

/** How the member has arranged Home: flow keys by their order and pins. */
export const Home = z.object({
  view: z.enum(["tiles", "list"]),
  order: z.array(text(64)).max(5_000),
  pins: z.array(text(64)).max(500),
});
export type Home = z.infer<typeof Home>;

/** A flow to start from; `origin` tells ours from the organisation's. */
export const Template = z.object({
  key: z.string(),
  origin: z.enum(["inlay", "workspace"]),
  name: z.string(),
  description: z.string(),
  category: z.string().nullable(),
  apps: z.array(z.string()),
  /** Apps that the workspace does not have yet; those of our catalogue come with the flow. */
  missingApps: z.array(z.string()),
});
export type Template = z.infer<typeof Template>;
export const TemplateDetail = Template.extend({ source: z.string() });
export const TemplateUse = z.object({ key: Key.optional(), name: z.string().min(1).max(200).optional() });
