import { css } from "lit";

/** The ground of every shadow root of ours: box model, type, focus ring. Adopt it first. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :host {
    display: block;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  h2,
  h3,
  h4,
  p,
  ul,
  ol,
  dl,
  dd,
  figure,
  pre {
    margin: 0;
    padding: 0;
  }

  ul,
  ol {
    list-style: none;
  }

  h2,
  h3,
  h4 {
    font-size: inherit;
    font-weight: 600;
    line-height: 1.3;
    text-wrap: balance;
  }

  button,
  input,
  select,
  textarea {
    margin: 0;
    color: inherit;
    font: inherit;
    letter-spacing: inherit;
  }

  img,
  svg {
    display: block;
    flex: none;
  }

  /* Words of another direction are cut at their own end, and stand where all others do. */
  :is(p, span, td)[dir="auto"],
  input[dir]:not(.mono) {
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }

  a {
    color: var(--_accent-text);
    text-underline-offset: 2px;
  }

  code,
  pre {
    font-family: var(--_mono);
    font-size: var(--_size-xs);
  }

  .muted {
    color: var(--_muted);
  }

  .small {
    font-size: var(--_size-s);
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  :focus {
    outline: none;
  }

  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }

  :is(h2, h3):focus-visible {
    outline: none;
  }

  @media (forced-colors: active) {
    :focus-visible {
      outline-color: Highlight;
    }
  }
`;

/** The frame of an element that the host placed: what the page's inherited styles must not decide, and the container that queries measure. */
export const frame = css`
  :host {
    min-inline-size: 0;
  }

  /* Two words far apart: where the page asks how wide this wants to be (a dialog, a flex line), since a container has no width of its own. */
  :host::before {
    content: "- -";
    display: block;
    block-size: 0 !important;
    overflow: clip;
    visibility: hidden !important;
    white-space: normal;
    word-spacing: 45em;
  }

  :host([theme="light"]),
  :host(:state(light)) {
    color-scheme: light;
  }

  :host([theme="dark"]),
  :host(:state(dark)) {
    color-scheme: dark;
  }

  .arriving {
    display: grid;
    place-items: center;
    min-block-size: 200px;
  }

  .root {
    container-type: inline-size;
    position: relative;
    display: block;
    background: var(--inlay-color-background, transparent);
    color: var(--_text);
    font-family: var(--_font);
    font-size: var(--_size);
    font-style: normal;
    font-variant-caps: normal;
    font-weight: 400;
    hyphens: manual;
    line-break: auto;
    line-height: 1.5;
    letter-spacing: normal;
    text-align: start;
    text-emphasis: none;
    text-indent: 0;
    text-shadow: none;
    text-transform: none;
    white-space: normal;
    word-break: normal;
    word-spacing: normal;
    -webkit-text-fill-color: currentcolor;
    -webkit-text-stroke: 0;
    -webkit-font-smoothing: antialiased;
    -webkit-tap-highlight-color: transparent;
  }

  :host(:state(opaque)) .root {
    padding: calc(var(--_space) * 4);
    border-radius: var(--_radius-l);
    background: var(--_background);
  }
`;
