/** Without the blanks at its ends, those without width as well: a paste brings them, and nobody sees them. */
export const trimText = (text: string): string => text.replace(/^[\s\u200b\u2060]+|[\s\u200b\u2060]+$/g, "");
