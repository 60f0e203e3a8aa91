// The console page's entry: defines its element, and nothing else.
import { define } from "../define.ts";
import { ConsoleElement } from "./console-element.ts";

define("inlay-console", ConsoleElement);

declare global {
  interface HTMLElementTagNameMap {
    "inlay-console": ConsoleElement;
  }
}
