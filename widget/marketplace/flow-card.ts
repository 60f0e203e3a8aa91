import { css, html, nothing, type TemplateResult } from "lit";
import type { FlowSummary } from "../../shared/api/flow.ts";
import type { I18n } from "../i18n/i18n.ts";
import { appIcon, type Pictured } from "../ui/app-icon.ts";
import { badge } from "../ui/badge.ts";
import { bone } from "../ui/skeleton.ts";

const MOST_ICONS = 3;

/** What a flow is pictured by: its apps, else its own icon, else its first letter. */
export function picturesOf(flow: Pick<FlowSummary, "name" | "icon" | "apps">): Pictured[] {
  return flow.apps.length ? flow.apps.slice(0, MOST_ICONS) : [{ name: flow.name, icon: flow.icon }];
}

export interface FlowCard {
  flow: FlowSummary;
  needsAttention: boolean;
  /** Says its category, where no heading does. */
  showsCategory: boolean;
  i18n: I18n;
}

/** A flow in the list, named by `data-flow`. The name is the button; all of the card is its target. Few parts: there are hundreds. */
export const flowCard = ({ flow, needsAttention, showsCategory, i18n }: FlowCard): TemplateResult => html`
  <li class="card" part="card" data-flow=${flow.key}>
    <div class="card-top">
      <div class="tiles">${picturesOf(flow).map(appIcon)}</div>
      ${needsAttention ? badge("warning", i18n.msg("browse.attention")) : flow.installed ? badge("success", installedWords(flow.installed, i18n)) : nothing}
    </div>
    <div class="card-words">
      ${showsCategory && flow.category ? html`<span class="card-category muted"><bdi>${flow.category}</bdi></span>` : nothing}
      <h4><button class="card-button" part="card-title" type="button"><bdi>${flow.name}</bdi></button></h4>
      <p class="card-text" part="card-description" dir="auto" ?hidden=${!flow.description}>${flow.description}</p>
    </div>
  </li>
`;

const installedWords = (count: number, i18n: I18n) =>
  count === 1 ? i18n.msg("browse.installed") : i18n.msg("browse.installedMany", { count });

/** The place of a card that is on its way. */
export const flowCardBone = (): TemplateResult => html`
  <li class="card waiting">
    <div class="card-top">${bone("tile")}</div>
    <div class="card-words">${bone("title")}${bone("long")}${bone("half")}</div>
  </li>
`;

/** For {@link flowCard}; needs `base`, `appIconStyles`, `badgeStyles`. */
export const flowCardStyles = css`
  .cards {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 248px), 1fr));
    gap: calc(var(--_space) * 3);
  }

  .card {
    position: relative;
    display: flex;
    flex-direction: column;
    gap: calc(var(--_space) * 3.5);
    min-block-size: 132px;
    content-visibility: auto;
    contain-intrinsic-block-size: auto 168px;
    padding: calc(var(--_space) * 4);
    border: 1px solid var(--_border);
    border-radius: var(--_radius-l);
    background: var(--_surface);
    transition:
      border-color var(--_duration),
      box-shadow var(--_duration);
  }

  .card:not(.waiting):hover {
    border-color: var(--_border-strong);
    box-shadow: var(--_shadow-raised);
  }

  .card:focus-within:has(:focus-visible) {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }

  .card-top {
    display: flex;
    align-items: flex-start;
    justify-content: space-between;
    gap: calc(var(--_space) * 2);
  }

  .card-words {
    display: grid;
    gap: var(--_space);
    min-inline-size: 0;
  }

  .card-category {
    font-size: var(--_size-xs);
  }

  .card-words .bone {
    margin-block: 3px;
  }

  .card-button {
    padding: 0;
    border: 0;
    background: none;
    font-weight: 600;
    text-align: start;
    overflow-wrap: anywhere;
    cursor: pointer;
  }

  .card-button:focus-visible {
    outline: none;
  }

  .card-button::after {
    content: "";
    position: absolute;
    inset: 0;
    border-radius: inherit;
  }

  .card-text {
    display: -webkit-box;
    color: var(--_muted);
    font-size: var(--_size-s);
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow-wrap: anywhere;
    /* Sideways it may stick out: the ellipsis stands outside where words run against the page. */
    overflow-y: clip;
    text-align: match-parent;
    text-align: -webkit-match-parent;
    text-wrap: pretty;
  }

  .cards.list {
    grid-template-columns: none;
    gap: 0;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-l);
    background: var(--_surface);
    overflow: clip;
  }

  .list .card {
    flex-direction: row;
    align-items: center;
    min-block-size: 0;
    contain-intrinsic-block-size: auto 61px;
    padding: calc(var(--_space) * 3) calc(var(--_space) * 4);
    border: 0;
    border-radius: 0;
  }

  .list .card + .card {
    border-block-start: 1px solid var(--_border);
  }

  .list .card:not(.waiting):hover {
    background: var(--_sunken);
    box-shadow: none;
  }

  .list .card:focus-within:has(:focus-visible) {
    outline-offset: -2px;
  }

  .list .card-top {
    display: contents;
  }

  /* Two tiles wide, whatever it holds: names stand in one column. */
  .list .tiles {
    flex: none;
    inline-size: calc(var(--tile-size, 36px) * 2 + var(--_space) * 1.5);
    overflow: clip;
  }

  .list .card-words {
    flex: 1;
    gap: 0;
  }

  .list .card-text {
    -webkit-line-clamp: 1;
  }

  .list .badge {
    order: 1;
  }

  @container (width < 420px) {
    .list .tiles {
      inline-size: var(--tile-size, 36px);
    }

    .list .card-text {
      -webkit-line-clamp: 2;
    }

    .list .card {
      flex-wrap: wrap;
      row-gap: var(--_space);
    }

    .list .card-words {
      flex-basis: 70%;
    }

    .list .badge {
      margin-inline-start: calc(var(--tile-size, 36px) + var(--_space) * 3.5);
    }
  }
`;
