import { ContextConsumer } from "@lit/context";
import type { ReactiveController, ReactiveElement } from "lit";
import type { FormField, Option } from "../../shared/api/flow.ts";
import type { List } from "../../shared/api/list.ts";
import { type FieldScope, fieldScopeContext, isFieldCallError, sayer } from "./field-scope.ts";

type Origin = NonNullable<FormField["options"]>;

export interface OptionsWish {
  /** Undefined: there are none. */
  origin: Origin | undefined;
  /** As {@link OptionsAsk.field}. */
  field: string;
  /** Every page is wanted at once, such as for radio buttons or a tree. */
  whole?: boolean;
}

/** What must be there before the options can be asked for. */
export interface Missing {
  key: string;
  label: string;
  kind: "account" | "field";
}

const SEARCH_PAUSE = 250;
/** Pages that are fetched where all are wanted. */
const MOST_PAGES = 20;

/**
 * The options of one field: given, or asked for when its element is shown, page by page, searched by the edge where one page does not hold
 * them all, and asked for again when something changes that they depend on. A later question wins; late answers are dropped.
 */
export class OptionsController implements ReactiveController {
  items: readonly Option[] = [];
  isBusy = false;
  hasMore = false;
  /** The account that must be connected anew before another try can succeed. */
  brokenAccount: string | undefined;
  /** The edge answers searches, because more is there than one page. */
  isRemote = false;

  readonly #host: ReactiveElement;
  readonly #wish: () => OptionsWish;
  readonly #scope: ContextConsumer<typeof fieldScopeContext, ReactiveElement>;
  readonly #labels = new Map<Option["value"], Option>();
  #search = "";
  #cursor: string | null = null;
  #question: string | undefined;
  #isComplete = false;
  #failedAt = -1;
  #error: (() => string) | undefined;
  #running: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveElement, wish: () => OptionsWish) {
    this.#host = host;
    this.#wish = wish;
    this.#scope = new ContextConsumer(host, { context: fieldScopeContext, subscribe: true, callback: () => host.requestUpdate() });
    host.addController(this);
  }

  /** The form around the field. */
  get scope(): FieldScope | undefined {
    return this.#scope.value;
  }

  /** What the options wait for; undefined when they can be asked for. */
  get missing(): Missing | undefined {
    const { origin } = this.#wish();
    if (!origin || origin.items) return undefined;
    const keys = new Set([...(origin.account ? [origin.account] : []), ...(origin.reads ?? [])]);
    for (const key of keys) {
      const neighbour = this.scope?.neighbour(key);
      if (neighbour && !neighbour.isFilled && (neighbour.kind === "account" || neighbour.isRequired || origin.needs?.includes(key)))
        return { key, label: neighbour.label, kind: neighbour.kind };
    }
    return undefined;
  }

  /** Why the last question was not answered, in the edge's or the provider's words. */
  get error(): string | undefined {
    return this.#error?.();
  }

  /** Whether every option is known, so that a value that is not among them has vanished. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** An option seen so far, also on an earlier page or in an earlier search; one that was never seen has its value for a name, once nothing is on its way. */
  optionOf(value: Option["value"]): Option {
    return this.#labels.get(value) ?? { value, label: this.isBusy ? "…" : String(value) };
  }

  /** Whether the list did not come that would name `value`. */
  isUnnamed(value: Option["value"]): boolean {
    return this.error !== undefined && !this.#labels.has(value);
  }

  hostUpdate(): void {
    const { origin, field } = this.#wish();
    if (origin?.items) {
      if (this.items === origin.items) return;
      this.items = origin.items;
      this.#isComplete = true;
      this.#remember(origin.items);
      return;
    }
    const question = origin && this.scope && !this.missing ? this.#questionOf(origin, field) : undefined;
    const isMended = this.error !== undefined && this.scope !== undefined && this.scope.accountsRevision !== this.#failedAt;
    if (question === this.#question && !isMended) return;
    this.#question = question;
    this.#reset();
    if (question !== undefined) void this.#ask();
  }

  hostDisconnected(): void {
    this.#running?.abort();
    clearTimeout(this.#timer);
    this.#question = undefined;
    this.isBusy = false;
  }

  /** Looks for `text`: at the edge after a pause in typing, where there is more than one page. */
  search(text: string): void {
    if (text === this.#search || !this.isRemote) return;
    this.#search = text;
    clearTimeout(this.#timer);
    this.isBusy = true;
    this.#host.requestUpdate();
    this.#timer = setTimeout(() => void this.#ask(), text === "" ? 0 : SEARCH_PAUSE);
  }

  /** The next page. */
  more(): void {
    if (this.hasMore && !this.isBusy) void this.#ask(this.#cursor ?? undefined);
  }

  /** Asks again after a failure. */
  retry(): void {
    void this.#ask();
  }

  #questionOf(origin: Origin, field: string): string {
    const scope = this.scope;
    const reads = (origin.reads ?? []).map((key) => scope?.accounts[key] ?? scope?.values[key] ?? null);
    return JSON.stringify([field, origin.account && scope?.accounts[origin.account], reads]);
  }

  #reset(): void {
    this.#running?.abort();
    clearTimeout(this.#timer);
    this.items = [];
    this.#search = "";
    this.#cursor = null;
    this.#isComplete = false;
    this.isBusy = this.hasMore = this.isRemote = false;
    this.#error = this.brokenAccount = undefined;
  }

  async #ask(cursor?: string): Promise<void> {
    const { scope } = this;
    const { field, whole } = this.#wish();
    if (!scope) return;
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.isBusy = true;
    this.#error = this.brokenAccount = undefined;
    if (!cursor && this.#search) this.items = [];
    this.#host.requestUpdate();
    try {
      let page = await this.#page(scope, field, cursor, running.signal);
      let items = cursor ? [...this.items, ...page.items] : page.items;
      for (let pages = 1; whole && page.nextCursor && pages < MOST_PAGES; pages += 1) {
        page = await this.#page(scope, field, page.nextCursor, running.signal);
        items = [...items, ...page.items];
      }
      if (!running.signal.aborted) this.#take(items, page.nextCursor);
    } catch (error) {
      if (!running.signal.aborted) this.#fail(error);
    }
  }

  async #page(scope: FieldScope, field: string, cursor: string | undefined, signal: AbortSignal): Promise<List<Option>> {
    const key = JSON.stringify([this.#question, this.#search, cursor]);
    const known = scope.cache.get(key);
    if (known) return known;
    const page = await scope.askOptions({ field, ...(this.#search && { search: this.#search }), ...(cursor && { cursor }) }, signal);
    scope.cache.set(key, page);
    return page;
  }

  #take(items: readonly Option[], cursor: string | null): void {
    this.items = items;
    this.#cursor = cursor;
    this.isBusy = false;
    this.hasMore = cursor !== null;
    if (!this.#search) {
      this.isRemote = cursor !== null;
      this.#isComplete = cursor === null;
    }
    this.#remember(items);
    this.#host.requestUpdate();
  }

  #fail(error: unknown): void {
    this.isBusy = false;
    this.hasMore = false;
    this.#error = sayer(error);
    this.#failedAt = this.scope?.accountsRevision ?? -1;
    const isAccount = isFieldCallError(error) && (error.code === "account_expired" || error.code === "account_needed");
    this.brokenAccount = isAccount ? this.#wish().origin?.account : undefined;
    this.#host.requestUpdate();
  }

  #remember(items: readonly Option[]): void {
    for (const option of items) this.#labels.set(option.value, option);
  }
}
