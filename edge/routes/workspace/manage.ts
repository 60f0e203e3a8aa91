import { Hono } from "hono";
import type { AppEnv } from "../../http/app-env.ts";
import { workspaceAnalytics } from "./analytics.ts";
import { workspaceSamples } from "./app-samples.ts";
import { workspaceAttachments } from "./attachments.ts";
import { workspaceBin } from "./bin.ts";
import { workspaceCatalogue } from "./catalogue.ts";
import { workspaceTrials } from "./catalogue-trials.ts";
import { workspaceDeployments } from "./deployments.ts";
import { workspaceErrors } from "./errors.ts";
import { workspaceFileChecks } from "./file-checks.ts";
import { workspaceFlowCopies } from "./flow-copies.ts";
import { workspaceFlowUpgrades } from "./flow-upgrades.ts";
import { workspaceFlowVersions } from "./flow-versions.ts";
import { workspaceFlows } from "./flows.ts";
import { workspaceFolders } from "./folders.ts";
import { workspaceOpenApi } from "./openapi.ts";
import { workspaceTemplates } from "./templates.ts";

/** How members make flows, keep them in order and watch over them. */
export const workspaceManage = new Hono<AppEnv>()
  .route("/flows", workspaceFlows)
  .route("/flows", workspaceFlowVersions)
  .route("/flows", workspaceFlowUpgrades)
  .route("/flows", workspaceFlowCopies)
  .route("/flows", workspaceAttachments)
  .route("/flows", workspaceDeployments)
  .route("/", workspaceBin)
  .route("/", workspaceFileChecks)
  .route("/", workspaceFolders)
  .route("/", workspaceTemplates)
  .route("/", workspaceCatalogue)
  .route("/", workspaceTrials)
  .route("/", workspaceSamples)
  .route("/", workspaceOpenApi)
  .route("/", workspaceErrors)
  .route("/", workspaceAnalytics);
