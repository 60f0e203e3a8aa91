// The pages of a form, pure: the flow's own, completed where its author left out what every setup needs.
import type { FlowDetail, FormField, FormPage } from "../../shared/api/flow.ts";

/** Keys that no page or field of a flow can have: theirs begin with a letter. */
export const ACCOUNTS_PAGE = "_accounts";
export const READY_PAGE = "_ready";

export interface PageWords {
  connectTitle: string;
  readyTitle: string;
  readyText: string;
}

/**
 * The flow's pages. Account slots that no page asks for come first, on a page of their own; an account field is required unless its slot is
 * optional; a form with nothing to fill in has one page that says so.
 */
export function completePages(flow: FlowDetail, words: PageWords): FormPage[] {
  const fields = flow.setup.pages.flatMap((page) => page.fields);
  const isAsked = (slot: string) => fields.some((field) => field.type === "account" && field.key === slot);
  const missing = flow.accounts.filter((slot) => !isAsked(slot.key)).map((slot) => accountField(flow, slot));
  const own = flow.setup.pages.map((page) => ({ ...page, fields: page.fields.map((field) => completeField(flow, field)) }));
  const pages = missing.length > 0 ? [{ key: ACCOUNTS_PAGE, title: words.connectTitle, fields: missing }, ...own] : own;
  return pages.length > 0 ? pages : [{ key: READY_PAGE, title: words.readyTitle, description: words.readyText, fields: [] }];
}

function completeField(flow: FlowDetail, field: FormField): FormField {
  const slot = flow.accounts.find((one) => one.key === field.key);
  return field.type === "account" && slot ? { ...field, app: field.app ?? slot.app, required: field.required || !slot.optional } : field;
}

function accountField(flow: FlowDetail, { key, app, optional }: FlowDetail["accounts"][number]): FormField {
  const label = flow.apps.find((one) => one.key === app)?.name ?? app;
  return { key, type: "account", app, label, required: !optional, secret: false };
}
