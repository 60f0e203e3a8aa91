// Web Awesome's select and its options; the combobox where there are more than anybody scrolls through.
import "@awesome.me/webawesome/dist/components/option/option.js";
import "@awesome.me/webawesome/dist/components/select/select.js";
import "../../ui/combobox.ts";
