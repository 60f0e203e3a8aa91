declare module "oidc-provider" {
  /** An authorization server by Filip Skokan, for tests; see its documentation for the configuration. */
  const Provider: new (issuer: string, configuration: object) => { callback(): import("node:http").RequestListener };
  export = Provider;
}
