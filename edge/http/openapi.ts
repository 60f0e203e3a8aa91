import type { GenerateSpecOptions } from "hono-openapi";

/** What the OpenAPI document says besides the routes. */
export const openApiOptions: Partial<GenerateSpecOptions> = {
  documentation: {
    openapi: "3.1.0",
    info: {
      title: "Inlay",
      version: "1",
      description:
        "Embedded integrations. Errors are `application/problem+json` with a stable `code`. Lists answer `{items, nextCursor}`. Writes take an `Idempotency-Key`.",
    },
    components: {
      securitySchemes: {
        userToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "Signed by the host's backend for one user, at most 15 minutes.",
        },
        apiToken: { type: "http", scheme: "bearer", description: "`inlay_…`, an API token of the workspace." },
        session: { type: "apiKey", in: "cookie", name: "inlay-session", description: "A member's session in the console." },
        bootstrapToken: { type: "http", scheme: "bearer", description: "The INLAY_BOOTSTRAP_TOKEN of whoever runs this edge." },
      },
    },
  },
  excludeStaticFile: false,
};
