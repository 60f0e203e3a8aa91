/** Options that many commands have. */
export const COMMON = {
  url: { type: "string", value: "URL", about: "which Inlay: INLAY_URL, that of the workspace in use or the local one without it" },
  workspace: {
    type: "string",
    short: "w",
    value: "NAME",
    about: "another workspace than the one in use, by name or id: INLAY_WORKSPACE without it",
  },
  json: { type: "boolean", about: "JSON, for scripts" },
  yes: { type: "boolean", short: "y", about: "do it without asking" },
} as const;

/** Where a command that works on a workspace has its token from. */
export const TOKEN = "The API token is that of inlay login, or INLAY_TOKEN.";
