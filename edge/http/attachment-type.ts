import { ATTACHMENT_TYPES } from "../../shared/api/attachment-kinds.ts";

/** What files of a type begin with; those that are not here are text. */
const MAGIC: Record<string, readonly (readonly number[])[]> = {
  "application/pdf": [[0x25, 0x50, 0x44, 0x46, 0x2d]],
  "image/png": [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  "image/jpeg": [[0xff, 0xd8, 0xff]],
  "image/gif": [
    [0x47, 0x49, 0x46, 0x38, 0x37, 0x61],
    [0x47, 0x49, 0x46, 0x38, 0x39, 0x61],
  ],
};
const ZIP = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x50, 0x4b, 0x05, 0x06],
];
const RIFF = [0x52, 0x49, 0x46, 0x46];
const WEBP = [0x57, 0x45, 0x42, 0x50];

const holds = (bytes: Uint8Array, wanted: readonly number[], at = 0) => wanted.every((byte, i) => bytes[at + i] === byte);

/** The ending of a file's name, in lower case. */
export const endingOf = (name: string): string => /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? "";

/** The type of an attachment by its name's ending, where what it begins with agrees; undefined where it may not be attached. */
export function attachmentType(name: string, bytes: Uint8Array): string | undefined {
  const ending = endingOf(name);
  const type = Object.hasOwn(ATTACHMENT_TYPES, ending) ? ATTACHMENT_TYPES[ending] : undefined;
  if (type === undefined) return undefined;
  const magic = type === "application/zip" || type.includes("openxmlformats") ? ZIP : MAGIC[type];
  if (magic) return magic.some((start) => holds(bytes, start)) ? type : undefined;
  if (type === "image/webp") return holds(bytes, RIFF) && holds(bytes, WEBP, 8) ? type : undefined;
  return isText(bytes) ? type : undefined;
}

/** Whole UTF-8 without control characters but line ends and tabs. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
