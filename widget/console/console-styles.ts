import { css } from "lit";

/** Layout of the console. */
export const consoleStyles = css`
  .root {
    min-block-size: 100dvb;
    font-family: var(--inlay-font-family, system-ui, sans-serif);
  }

  main {
    max-inline-size: 880px;
    margin-inline: auto;
    padding: calc(var(--_space) * 10) calc(var(--_space) * 5) calc(var(--_space) * 16);
  }

  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 2);
  }

  .title {
    flex: 1;
    min-inline-size: 0;
  }

  h1 {
    font-size: var(--_size-xl);
    letter-spacing: -0.01em;
  }

  .counts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(120px, 1fr));
    margin-block: calc(var(--_space) * 6) calc(var(--_space) * 8);
    border: 1px solid var(--_border);
    border-radius: var(--_radius-l);
    background: var(--_surface);
    overflow: clip;
  }

  .count {
    padding: calc(var(--_space) * 4);
    box-shadow: 1px 1px 0 var(--_border);
  }

  dt {
    color: var(--_muted);
    font-size: var(--_size-s);
  }

  dd {
    font-size: calc(var(--_size) * 1.7);
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    letter-spacing: -0.02em;
  }

  section {
    margin-block-start: calc(var(--_space) * 7);
  }

  h2 {
    margin-block-end: calc(var(--_space) * 2.5);
    color: var(--_muted);
    font-size: var(--_size-s);
    font-weight: 500;
  }

  .lines {
    border: 1px solid var(--_border);
    border-radius: var(--_radius-l);
    background: var(--_surface);
  }

  .line {
    --tile-size: 32px;

    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 2) calc(var(--_space) * 3);
    padding: calc(var(--_space) * 3) calc(var(--_space) * 4);
  }

  .line + .line {
    border-block-start: 1px solid var(--_border);
  }

  .words {
    display: grid;
    flex: 1 1 160px;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .words strong {
    font-weight: 500;
  }

  .bones {
    display: grid;
    gap: calc(var(--_space) * 5);
  }
`;
