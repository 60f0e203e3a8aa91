import { css, html, nothing, type TemplateResult } from "lit";

export interface Pictured {
  name: string;
  icon: string | null;
}

const broken = (event: Event) => (event.target as HTMLElement).closest(".tile")?.classList.add("broken");

/** An icon on its tile; the first letter of the name where there is none or it does not load. One template without parts inside: lists show a thousand. */
export const appIcon = ({ name, icon }: Pictured): TemplateResult => html`
  <span class=${icon ? "tile" : "tile broken"} part="icon" data-letter=${[...name][0] ?? ""} aria-hidden="true"
    ><img src=${icon || nothing} alt="" loading="lazy" decoding="async" @error=${broken}
  /></span>
`;

/** For {@link appIcon}; several in `.tiles` stand in a row. */
export const appIconStyles = css`
  .tiles {
    display: flex;
    gap: calc(var(--_space) * 1.5);
  }

  .tile {
    display: grid;
    place-items: center;
    inline-size: var(--tile-size, 36px);
    block-size: var(--tile-size, 36px);
    flex: none;
    border: 1px solid var(--_border);
    border-radius: calc(var(--tile-size, 36px) * 0.25);
    background: light-dark(#fff, #26262c);
    overflow: hidden;
  }

  .tile img {
    inline-size: 62%;
    block-size: 62%;
    object-fit: contain;
  }

  .tile.broken img {
    display: none;
  }

  .tile.broken::before {
    content: attr(data-letter);
    color: var(--_muted);
    font-size: calc(var(--tile-size, 36px) * 0.42);
    font-weight: 600;
    line-height: 1;
    text-transform: uppercase;
  }
`;
