import { css } from "lit";

/** The console's frame: navigation beside one view; on a phone the navigation comes over it. */
export const consoleStyles = css`
  :host {
    display: block;
    container-type: normal;
  }

  .root {
    min-block-size: 100dvb;
    background: var(--_background);
    font-family: var(--inlay-font-family, system-ui, sans-serif);
  }

  .alone main {
    max-inline-size: 860px;
    margin-inline: auto;
    padding-block: calc(var(--_space) * 16);
  }

  .app {
    display: grid;
    grid-template-columns: 224px minmax(0, 1fr);
    block-size: 100dvb;
    min-block-size: 0;
    background: light-dark(#f7f7f9, #0e0e11);
  }

  main {
    display: flex;
    flex-direction: column;
    min-inline-size: 0;
    min-block-size: 0;
  }

  .app main {
    margin-block: calc(var(--_space) * 2);
    margin-inline-end: calc(var(--_space) * 2);
    border: 1px solid var(--_border);
    border-radius: var(--_radius-l);
    background: var(--_background);
    overflow: clip;
  }

  main:focus-visible {
    outline: none;
  }

  .top {
    display: none;
  }

  nav {
    display: flex;
    flex-direction: column;
    gap: calc(var(--_space) * 2);
    min-block-size: 0;
    padding: calc(var(--_space) * 3) calc(var(--_space) * 2);
    overflow-y: auto;
  }

  .find {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 2);
    min-block-size: 32px;
    margin-block-end: calc(var(--_space) * 1);
    padding-inline: calc(var(--_space) * 2);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_muted);
    font-size: var(--_size-s);
    text-align: start;
    cursor: pointer;
  }

  .find:hover {
    border-color: var(--_border-strong);
  }

  .find span {
    flex: 1;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  nav ul {
    display: grid;
    gap: 1px;
    flex: 1;
    align-content: start;
  }

  nav a {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 2.5);
    min-block-size: 32px;
    padding-inline: calc(var(--_space) * 2);
    border-radius: var(--_radius);
    color: var(--_muted);
    font-weight: 500;
    text-decoration: none;
  }

  nav a:hover {
    background: light-dark(#ececf0, #1c1c21);
    color: var(--_text);
  }

  nav a[aria-current] {
    background: light-dark(#e6e6ec, #222228);
    color: var(--_text);
  }

  .member {
    display: flex;
    align-items: center;
    gap: var(--_space);
    padding-inline-start: calc(var(--_space) * 2);
    font-size: var(--_size-s);
  }

  .member .words {
    flex: 1;
  }

  .skip {
    position: absolute;
    inset-block-start: 8px;
    inset-inline-start: 8px;
    z-index: 3;
    padding: calc(var(--_space) * 2) calc(var(--_space) * 3);
    border-radius: var(--_radius);
    background: var(--_overlay);
    box-shadow: var(--_shadow-overlay);
  }

  .skip:not(:focus) {
    clip-path: inset(50%);
    pointer-events: none;
  }

  .notices {
    position: fixed;
    inset-block-end: 20px;
    inset-inline: 0;
    z-index: 5;
    display: flex;
    justify-content: center;
    padding-inline: 16px;
    pointer-events: none;
  }

  .notice {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 2);
    max-inline-size: 640px;
    padding: calc(var(--_space) * 1.5);
    padding-inline-start: calc(var(--_space) * 4);
    border-radius: var(--_radius);
    background: var(--_overlay);
    box-shadow: var(--_shadow-overlay);
    font-weight: 500;
    overflow-wrap: anywhere;
    pointer-events: auto;
    animation: notice-in var(--_duration) ease-out;
  }

  .notice.failed {
    color: var(--_danger);
  }

  @keyframes notice-in {
    from {
      opacity: 0;
      translate: 0 8px;
    }
  }

  @media (max-width: 760px) {
    .app {
      grid-template-columns: minmax(0, 1fr);
    }

    .app main {
      margin: 0;
      border: 0;
      border-radius: 0;
    }

    .top {
      display: flex;
      align-items: center;
      gap: calc(var(--_space) * 2);
      min-block-size: 48px;
      padding-inline: calc(var(--_space) * 2);
      border-block-end: 1px solid var(--_border);
    }

    .top strong {
      flex: 1;
      font-weight: 600;
    }

    nav {
      position: fixed;
      inset-block: 0;
      inset-inline-start: 0;
      z-index: 4;
      inline-size: min(280px, 84vi);
      background: var(--_overlay);
      box-shadow: var(--_shadow-overlay);
    }

    nav:not(.open) {
      display: none;
    }

    nav a,
    .find {
      min-block-size: 40px;
    }

    .scrim {
      position: fixed;
      inset: 0;
      z-index: 3;
      background: var(--_scrim);
    }
  }
`;
