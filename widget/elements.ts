import { AccountsElement } from "./accounts/accounts-element.ts";
import { IntegrationsElement } from "./integrations/integrations-element.ts";
import { MarketplaceElement } from "./marketplace/marketplace-element.ts";
import { SetupElement } from "./setup/setup-element.ts";

/** The elements that a host places, by tag. */
export const elements: Readonly<Record<string, CustomElementConstructor>> = {
  "inlay-marketplace": MarketplaceElement,
  "inlay-setup": SetupElement,
  "inlay-integrations": IntegrationsElement,
  "inlay-accounts": AccountsElement,
};

declare global {
  interface HTMLElementTagNameMap {
    "inlay-marketplace": MarketplaceElement;
    "inlay-setup": SetupElement;
    "inlay-integrations": IntegrationsElement;
    "inlay-accounts": AccountsElement;
  }
}
