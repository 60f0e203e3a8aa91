import { css } from "lit";

/** For the setup view: title, page, and the footer that stays in sight. */
export const setupViewStyles = css`
  :host {
    scroll-margin-block: calc(var(--_space) * 4);
  }

  .setup {
    container-type: inline-size;
    max-inline-size: 720px;
    margin-inline: auto;
  }

  .callout ul {
    padding: var(--_space) 0 0;
    padding-inline-start: 1.2em;
    list-style: disc;
  }

  header {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: calc(var(--_space) * 4);
    padding-block-end: calc(var(--_space) * 6);
  }

  .bar {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 2);
  }

  .bar .button {
    padding-inline-start: 2px;
  }

  .bar .name {
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    color: var(--_muted);
    font-size: var(--_size-s);
    font-weight: 500;
    text-align: match-parent;
    text-align: -webkit-match-parent;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .page {
    display: grid;
    gap: calc(var(--_space) * 6);
    margin-block-end: calc(var(--_space) * 8);
    animation: page-in var(--_duration) ease-out;
  }

  .page-head {
    display: grid;
    gap: calc(var(--_space) * 1.5);
  }

  .page-title {
    font-size: var(--_size-xl);
    letter-spacing: -0.01em;
  }

  .page-head p {
    color: var(--_muted);
    max-inline-size: 62ch;
    text-wrap: pretty;
  }

  form {
    display: grid;
    gap: calc(var(--_space) * 6);
  }

  inlay-field {
    min-inline-size: 0;
    animation: field-in calc(var(--_duration) * 1.4) ease-out;
  }

  footer,
  footer > .callout {
    position: sticky;
    inset-block-end: 0;
    z-index: 1;
  }

  footer > .callout {
    max-block-size: 30vb;
    margin-block-end: calc(var(--_space) * 3);
    overflow: auto;
  }

  .buttons {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 2);
    padding-block: calc(var(--_space) * 3);
    border-block-start: 1px solid var(--_border);
  }

  footer.stuck {
    background: var(--_ground, var(--_background));
  }

  /* Little height, such as at 400 %: only a notice stays in sight. */
  @media (height < 440px) {
    footer {
      display: contents;
    }
  }

  .kept {
    flex: 1;
    min-inline-size: 8em;
    min-block-size: 20px;
    color: var(--_muted);
    font-size: var(--_size-s);
  }

  .kept.unsaved {
    color: var(--_warning);
  }

  .loading {
    display: grid;
    gap: calc(var(--_space) * 7);
    padding-block: calc(var(--_space) * 4);
  }

  .loading > div {
    display: grid;
    gap: calc(var(--_space) * 3);
  }

  .loading .box {
    block-size: calc(var(--_space) * 9);
    border-radius: var(--_radius);
    background: var(--_sunken);
  }

  @container (inline-size < 420px) {
    /* Its line is always there: buttons that move under the pointer lose the click. */
    .kept {
      flex-basis: 100%;
      order: -1;
      font-size: var(--_size-xs);
    }

    .buttons {
      padding-block-start: calc(var(--_space) * 1.5);
    }

    .buttons > .primary {
      flex: 1;
    }
  }

  @keyframes field-in {
    from {
      opacity: 0;
    }
  }

  @keyframes page-in {
    from {
      opacity: 0;
      translate: 0 4px;
    }
  }
`;
