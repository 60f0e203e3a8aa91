import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The editor in the console's tokens; `light-dark()` follows the console's colours. */
export const editorTheme = EditorView.theme({
  "&": { color: "var(--_text)", backgroundColor: "var(--_background)", fontSize: "13px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--_mono)", lineHeight: "1.6" },
  ".cm-content": { padding: "12px 0", caretColor: "var(--_text)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--_text)" },
  ".cm-gutters": { backgroundColor: "var(--_background)", color: "light-dark(#6b6b78, #85858f)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { paddingInline: "10px 6px" },
  ".cm-activeLine": { backgroundColor: "light-dark(rgb(20 20 60 / 3%), rgb(255 255 255 / 3%))" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--_text)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "light-dark(#d8dbfb, #34375f)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--_accent-soft)",
    outline: "1px solid var(--_border-strong)",
  },
  ".cm-selectionMatch": { backgroundColor: "light-dark(#eceefc, #2a2c45)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--_sunken)", border: "none", color: "var(--_muted)", paddingInline: "6px" },
  ".cm-tooltip": {
    border: "none",
    borderRadius: "8px",
    backgroundColor: "var(--_overlay)",
    color: "var(--_text)",
    boxShadow: "var(--_shadow-overlay)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--_mono)", fontSize: "12.5px", maxHeight: "16em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 10px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--_accent)", color: "var(--_on-accent)" },
  ".cm-completionDetail": { color: "var(--_muted)", fontStyle: "normal", marginInlineStart: "1.2em" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionInfo": { padding: "8px 12px", maxWidth: "320px" },
  ".cm-diagnostic": { padding: "6px 10px", borderInlineStart: "3px solid var(--_danger)", fontFamily: "system-ui, sans-serif" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--_danger)",
    textDecorationSkipInk: "none",
    textUnderlineOffset: "3px",
  },
  ".cm-lint-marker": { inlineSize: "8px", blockSize: "8px", marginBlockStart: "6px" },
  ".cm-lint-marker-error": { content: "none", borderRadius: "50%", backgroundColor: "var(--_danger)" },
  ".cm-panels": { backgroundColor: "var(--_sunken)", color: "var(--_text)", borderColor: "var(--_border)" },
  ".cm-panel.cm-search": { padding: "6px 10px", fontFamily: "system-ui, sans-serif" },
  ".cm-textfield": { border: "1px solid var(--_border-strong)", borderRadius: "5px", backgroundColor: "var(--_surface)" },
  ".cm-button": {
    border: "1px solid var(--_border-strong)",
    borderRadius: "5px",
    backgroundColor: "var(--_surface)",
    backgroundImage: "none",
  },
  ".cm-searchMatch": { backgroundColor: "light-dark(#fdeec4, #4a3d17)" },
  ".cm-searchMatch-selected": { backgroundColor: "light-dark(#fbd777, #77601d)" },
  ".cm-changedLine": { backgroundColor: "light-dark(rgb(28 140 70 / 8%), rgb(80 200 130 / 10%)) !important" },
  ".cm-deletedChunk": { backgroundColor: "light-dark(rgb(190 40 40 / 8%), rgb(230 90 90 / 10%))" },
  ".cm-collapsedLines": {
    padding: "4px 8px",
    background: "var(--_sunken)",
    color: "var(--_muted)",
    fontFamily: "system-ui, sans-serif",
    fontSize: "12px",
  },
  // CodeMirror's own mark is in few fonts.
  ".cm-collapsedLines:before, .cm-collapsedLines:after": { content: "none !important" },
  ".cm-mergeGap, .cm-mergeSpacer": { background: "var(--_sunken)" },
  ".cm-merge-revert": { inlineSize: "2em" },
  ".cm-merge-revert button": { background: "none", border: "none", color: "var(--_accent-text)", cursor: "pointer" },
  ".cm-placeholder": { color: "var(--_muted)" },
});

/** Colours of keys, values and comments; each has 4.5:1 on the ground. */
export const editorHighlight = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "light-dark(#2a3ea8, #a3b1ff)" },
  { tag: [tags.string, tags.special(tags.string)], color: "light-dark(#1d6b45, #7fd1a4)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "light-dark(#9a3c00, #f0b27a)" },
  { tag: [tags.comment, tags.lineComment], color: "light-dark(#6a6a76, #8f8f9b)", fontStyle: "italic" },
  { tag: [tags.meta, tags.punctuation, tags.separator, tags.bracket], color: "light-dark(#5b5b67, #a5a5b1)" },
  { tag: tags.invalid, color: "var(--_danger)" },
]);
