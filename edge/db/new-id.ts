import { randomBase62 } from "../security/random-token.ts";

/** `prefix_` and 22 random characters of base62 (131 bits). The part behind the prefix has no underscore: run ids rely on it. */
export const newId = (
  prefix:
    | "ws"
    | "usr"
    | "app"
    | "acc"
    | "flw"
    | "ver"
    | "int"
    | "tok"
    | "key"
    | "att"
    | "mem"
    | "evt"
    | "fld"
    | "ses"
    | "inv"
    | "sip"
    | "ntf"
    | "nwh"
    | "fil"
    | "lnk",
): string => `${prefix}_${randomBase62(22)}`;
