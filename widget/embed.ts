// The script tag's entry: defines the elements, and nothing else.
import { define } from "./define.ts";
import { elements } from "./elements.ts";

for (const [tag, element] of Object.entries(elements)) define(tag, element);
