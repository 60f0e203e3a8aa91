import type { D1Migration } from "cloudflare:test";
import type { Env as Bindings } from "../env.ts";

// What `env` of `cloudflare:workers` holds in a test: the bindings of wrangler.toml and the settings of vitest.config.ts.
declare global {
  namespace Cloudflare {
    interface Env extends Bindings {
      TEST_MIGRATIONS: D1Migration[];
    }
    interface GlobalProps {
      mainModule: typeof import("../worker.ts");
    }
  }
}
