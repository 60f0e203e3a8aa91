// What the Worker uses of Node's crypto (flag nodejs_compat): the one way to a code that is not a promise.
declare module "node:crypto" {
  interface Hmac {
    update(text: string): Hmac;
    digest(encoding: "base64url"): string;
  }
  export function createHmac(algorithm: "sha256", key: Uint8Array): Hmac;
}
