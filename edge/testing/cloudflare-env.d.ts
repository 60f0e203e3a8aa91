// In tests `env` of "cloudflare:workers" is what wrangler.toml and vitest.config.ts bind.
import type { Env as InlayEnv } from "../env.ts";

declare global {
  namespace Cloudflare {
    interface Env extends InlayEnv {}
  }
}
