/** The parts of a field that a host can style, handed outward through the shadow roots between (`exportparts`). */
export const FIELD_PARTS = [
  ...["field", "field-label", "field-help", "field-fault", "control", "list", "switch", "button", "badge"],
  ...["mapping", "accounts", "tree", "words", "heading", "divider"],
].join(",");
