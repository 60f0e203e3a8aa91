// No schema stands here: the console loads this file, and no checker with it.

/** Bytes of one attachment, and how many a flow may have. */
export const ATTACHMENT_MAX_BYTES = 10_000_000;
export const ATTACHMENTS_MAX = 50;

/** What may be attached to a flow, by the ending of its name. What a browser would run, such as HTML and SVG, is not among it. */
export const ATTACHMENT_TYPES: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  json: "application/json",
  yaml: "application/yaml",
  yml: "application/yaml",
  zip: "application/zip",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
};
