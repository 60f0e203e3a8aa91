import { css, html, type TemplateResult } from "lit";
import type { FileFault } from "../../../shared/api/workspace-flow.ts";

/** Faults of a file, each leading to its place; `apply` puts in what was probably meant. */
export const faultList = (
  label: string,
  faults: readonly FileFault[],
  {
    reveal,
    apply,
    use,
  }: { reveal: (fault: FileFault) => void; apply: ((fault: FileFault) => void) | undefined; use: (word: string) => string },
): TemplateResult => html`<ul class="problems" aria-label=${label}>
  ${faults.map(
    (fault) => html`<li>
      <button class="fault-line" type="button" @click=${() => reveal(fault)}><span class="at">${fault.line}:${fault.column}</span><span>${fault.message}</span></button>
      ${fault.suggestion && apply ? html`<button class="button compact" type="button" @click=${() => apply(fault)}>${use(fault.suggestion)}</button>` : ""}
    </li>`,
  )}
</ul>`;

/** `text` with what was probably meant in the place of the word at the fault. */
export function mendFault(text: string, { line, column, suggestion = "" }: FileFault): string {
  const lines = text.split("\n");
  const broken = lines[line - 1] ?? "";
  lines[line - 1] = broken.slice(0, column - 1) + broken.slice(column - 1).replace(/^[^\s:,{}[\]#]+/, suggestion);
  return lines.join("\n");
}

/** For {@link faultList}. */
export const faultListStyles = css`
  .problems {
    max-block-size: 34%;
    border-block-start: 1px solid var(--_border);
    overflow: auto;
  }

  .problems li {
    display: flex;
    align-items: center;
    padding-inline-end: calc(var(--_space) * 4);
  }

  .problems li:hover {
    background: var(--_sunken);
  }

  .fault-line {
    display: flex;
    align-items: baseline;
    gap: calc(var(--_space) * 3);
    flex: 1;
    min-block-size: 32px;
    padding: calc(var(--_space) * 1) calc(var(--_space) * 5);
    border: 0;
    background: none;
    text-align: start;
    overflow-wrap: anywhere;
    cursor: pointer;
  }

  .problems .at {
    flex: none;
    inline-size: 7ch;
    color: var(--_muted);
    font-size: var(--_size-s);
    font-variant-numeric: tabular-nums;
  }
`;
