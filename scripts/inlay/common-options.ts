/** Options that many commands have. */
export const COMMON = {
  url: { type: "string", value: "URL", about: "which Inlay: INLAY_URL, the one of the last login or the local one without it" },
  json: { type: "boolean", about: "JSON, for scripts" },
  yes: { type: "boolean", short: "y", about: "do it without asking" },
} as const;

/** Where a command that works on a workspace has its token from. */
export const TOKEN = "The API token is that of inlay login, or INLAY_TOKEN.";
