// The package's main entry: the classes, for who defines them under names of their own or builds on them. Defines nothing.
export { AccountsElement } from "../accounts/accounts-element.ts";
export { ConnectError } from "../accounts/connect-error.ts";
export { elements } from "../elements.ts";
export { InlayEvent } from "../events.ts";
export { IntegrationsElement } from "../integrations/integrations-element.ts";
export { MarketplaceElement } from "../marketplace/marketplace-element.ts";
export { SetupElement } from "../setup/setup-element.ts";
