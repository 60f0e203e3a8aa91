import { html, nothing, type TemplateResult } from "lit";
import { type Choice, groupChoices } from "./filter-choices.ts";
import { checkIcon } from "./icons.ts";

export interface ComboboxList {
  label: string;
  choices: readonly Choice[];
  chosen: readonly Choice[];
  /** Place of the row that Enter takes; -1 for none. */
  active: number;
  isMultiple: boolean;
  onHover: (index: number) => void;
  onChoose: (choice: Choice) => void;
}

/** The listbox of a combobox, in groups. Rows are `option-0`, `option-1` …, in the order of {@link listRows}. */
export function comboboxList(list: ComboboxList): TemplateResult {
  let at = 0;
  const groups = groupChoices(list.choices).map(({ group, choices }, index) => {
    const rows = choices.map((choice) => renderOption(list, choice, at++));
    if (!group) return html`${rows}`;
    return html`<div role="group" aria-labelledby=${`group-${index}`}>
      <div class="group" id=${`group-${index}`} role="presentation">${group}</div>
      ${rows}
    </div>`;
  });
  return html`<div
    role="listbox"
    id="list"
    aria-label=${list.label}
    aria-multiselectable=${list.isMultiple ? "true" : nothing}
    ?hidden=${list.choices.length === 0}
  >
    ${groups}
  </div>`;
}

/** The choices in the order in which they are drawn. */
export const listRows = (choices: readonly Choice[]): Choice[] => groupChoices(choices).flatMap((group) => group.choices);

function renderOption({ chosen, active, onHover, onChoose }: ComboboxList, choice: Choice, index: number): TemplateResult {
  const isChosen = chosen.some((one) => one.value === choice.value);
  return html`<div
    role="option"
    id=${`option-${index}`}
    class=${index === active ? "active" : ""}
    aria-selected=${isChosen ? "true" : "false"}
    @mousemove=${() => onHover(index)}
    @click=${() => onChoose(choice)}
  >
    <span class="label"><bdi>${choice.label}</bdi>${choice.required ? html`<span class="field-required" aria-hidden="true">*</span>` : nothing}</span>
    ${choice.detail ? html`<span class="detail" dir="auto">${choice.detail}</span>` : nothing} ${isChosen ? checkIcon : nothing}
  </div>`;
}
