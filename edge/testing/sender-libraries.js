export { Webhooks } from "@octokit/webhooks";
export { Stripe } from "stripe";
