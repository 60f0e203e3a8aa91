// The edge's routes as functions, in the words of shared/api. Nothing is cached; every read takes a signal. What one later view
// alone calls does not come with the first cards: accounts/account-calls.ts, integrations/run-calls.ts.
import type { Account, AccountCreate, Attempt, AuthorizeRequest, AuthorizeResponse } from "../../shared/api/account.ts";
import type { Draft, DraftWrite } from "../../shared/api/draft.ts";
import type { FlowDetail, FlowSummary, Option, OptionsRequest } from "../../shared/api/flow.ts";
import type { Integration, IntegrationCreate, IntegrationPatch } from "../../shared/api/integration.ts";
import type { List } from "../../shared/api/list.ts";
import type { Preview, PreviewRequest } from "../../shared/api/preview.ts";
import { type GetToken, subjectOf, TokenSource } from "./token-source.ts";
import { Transport } from "./transport.ts";

export interface FlowFilter {
  tag?: string | undefined;
  category?: string | undefined;
  search?: string | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** Which setup of a flow is meant: a new one, or that of an integration, on its own version or the newest (the newest where none is named). */
export interface SetupOf {
  integration?: string | undefined;
  version?: number | undefined;
}

const at = encodeURIComponent;
const unchanged = (since?: string): Record<string, string> => (since ? { "if-match": `"${since}"` } : {});

/** One user's view of one edge. Each function rejects with `ApiError`, or `AbortError` after its signal. */
export class ApiClient {
  readonly transport: Transport;
  /** Whom it speaks for, as the first token tells. */
  readonly subject: string;
  /** When it began to read (ms, as `performance.now` counts). */
  readonly since = performance.now();

  /** `otherUser` is told of a renewed token that speaks for somebody else: make another client of it. */
  constructor(origin: string, token: string, getToken?: GetToken, otherUser: (token: string) => void = () => undefined) {
    this.transport = new Transport(origin, new TokenSource(token, getToken, otherUser));
    this.subject = subjectOf(token);
  }

  get origin(): string {
    return this.transport.origin;
  }

  listFlows(filter: FlowFilter, signal?: AbortSignal): Promise<List<FlowSummary>> {
    return this.transport.json("/v1/flows", { query: { ...filter }, signal });
  }

  readFlow(flow: string, signal?: AbortSignal, of: SetupOf = {}): Promise<FlowDetail> {
    return this.transport.json(`/v1/flows/${at(flow)}`, { query: { ...of }, signal });
  }

  listOptions(flow: string, request: OptionsRequest, signal?: AbortSignal): Promise<List<Option>> {
    return this.transport.json(`/v1/flows/${at(flow)}/options`, { method: "POST", body: request, signal });
  }

  readDraft(flow: string, of: SetupOf = {}, signal?: AbortSignal): Promise<Draft> {
    return this.transport.json(`/v1/flows/${at(flow)}/draft`, { query: { ...of }, signal });
  }

  /** `version`: of the integration's form, as in {@link SetupOf}. */
  writeDraft(flow: string, draft: DraftWrite, version?: number, signal?: AbortSignal): Promise<Draft> {
    return this.transport.json(`/v1/flows/${at(flow)}/draft`, {
      method: "PUT",
      query: { integration: draft.integration, version },
      body: draft,
      signal,
      keepalive: true,
    });
  }

  /** A dry run of a form as filled in. Nothing is stored or sent anywhere. */
  previewSetup(flow: string, body: PreviewRequest, signal?: AbortSignal): Promise<Preview> {
    return this.transport.json(`/v1/flows/${at(flow)}/preview`, { method: "POST", body, signal });
  }

  listAccounts(app?: string, cursor?: string, signal?: AbortSignal): Promise<List<Account>> {
    return this.transport.json("/v1/accounts", { query: { app, limit: 100, cursor }, signal });
  }

  createAccount(account: AccountCreate, signal?: AbortSignal): Promise<Account> {
    return this.transport.json("/v1/accounts", { method: "POST", body: account, signal });
  }

  authorizeAccount(request: AuthorizeRequest, signal?: AbortSignal): Promise<AuthorizeResponse> {
    return this.transport.json("/v1/accounts/authorize", { method: "POST", body: request, signal });
  }

  readAttempt(attempt: string, signal?: AbortSignal): Promise<Attempt> {
    return this.transport.json(`/v1/accounts/attempts/${at(attempt)}`, { signal });
  }

  listIntegrations(
    filter: { flow?: string; tag?: string; cursor?: string | undefined } = {},
    signal?: AbortSignal,
  ): Promise<List<Integration>> {
    return this.transport.json("/v1/integrations", { query: filter, signal });
  }

  readIntegration(id: string, signal?: AbortSignal): Promise<Integration> {
    return this.transport.json(`/v1/integrations/${at(id)}`, { signal });
  }

  /** `key` makes a repeat after a lost answer harmless: the same key creates at most one. */
  createIntegration(integration: IntegrationCreate, key: string, signal?: AbortSignal): Promise<Integration> {
    return this.transport.json("/v1/integrations", { method: "POST", body: integration, headers: { "idempotency-key": key }, signal });
  }

  /** `since`: its `updatedAt` as read; refused where it was changed after that. */
  updateIntegration(id: string, patch: IntegrationPatch, since?: string): Promise<Integration> {
    return this.transport.json(`/v1/integrations/${at(id)}`, { method: "PATCH", body: patch, headers: unchanged(since) });
  }

  removeIntegration(id: string, signal?: AbortSignal): Promise<void> {
    return this.transport.json(`/v1/integrations/${at(id)}`, { method: "DELETE", signal });
  }

  /** `patch` fills in what the newest version asks for beyond what is stored; `since` as in {@link updateIntegration}. */
  upgradeIntegration(id: string, patch: Pick<IntegrationPatch, "accounts" | "values"> = {}, since?: string): Promise<Integration> {
    return this.transport.json(`/v1/integrations/${at(id)}/upgrade`, { method: "POST", body: patch, headers: unchanged(since) });
  }

  runBlock(integration: string, block: string, input?: unknown, signal?: AbortSignal): Promise<{ run: string }> {
    const body = input === undefined ? {} : { input };
    return this.transport.json(`/v1/integrations/${at(integration)}/blocks/${at(block)}/run`, { method: "POST", body, signal });
  }
}
