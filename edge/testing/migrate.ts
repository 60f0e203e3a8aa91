import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

// Every test file begins with the real schema.
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
