import { nothing } from "lit";
import { Directive, directive, type ElementPart, type PartInfo, PartType } from "lit/directive.js";

/** Sets style properties through the element's style object: a strict policy refuses the attribute that `styleMap` writes at first. */
class StyledDirective extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error("styled() stands in an element's tag, on its own");
  }

  override render(_properties: Record<string, string>): typeof nothing {
    return nothing;
  }

  override update(part: ElementPart, [properties]: [Record<string, string>]): typeof nothing {
    if (part.element instanceof HTMLElement || part.element instanceof SVGElement)
      for (const [name, value] of Object.entries(properties)) part.element.style.setProperty(name, value);
    return nothing;
  }
}

/** `html\`<div ${styled({ "inline-size": "20px" })}>\``; names are CSS's. */
export const styled = directive(StyledDirective);
