// What Vue's templates are checked against.
import type {} from "@inlay/widget/vue";
import type { GlobalComponents } from "vue";

type Props = InstanceType<GlobalComponents["inlay-marketplace"]>["$props"];
export const good: Props = {
  class: "wide",
  api: "https://edge.example",
  layout: "grid",
  readonly: true,
  getToken: async () => "token",
  onInlayRunFinished: ({ detail }) => detail.tasks.toFixed(),
};
// @ts-expect-error no such layout
export const layout: Props = { layout: "rows" };
// @ts-expect-error another event's detail
export const event: Props = { onInlayFlowOpened: ({ detail }) => detail.app };
