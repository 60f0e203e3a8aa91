import { LiveStream } from "../../api/stream.ts";
import { send } from "./api.ts";

/** Live changes of the workspace, one connection for all views of the page, from what changed since it began to load. */
export const memberStream = new LiveStream((request) =>
  send("workspace/stream", { ...request, query: { age: Math.ceil(performance.now()) } }),
);
