import type { Context } from "hono";
import type { AppEnv } from "./app-env.ts";

/**
 * The language that texts are wanted in: the first choice of `Accept-Language` (the widget names its own), else the `locale` of the user's
 * token. Says so to caches. Only the first choice counts: what a file does not have is better told in its own language than in a third.
 */
export function wantedLocale(c: Context<AppEnv>): string | undefined {
  c.header("vary", "accept-language", { append: true });
  const choices = (c.req.header("accept-language") ?? "").split(",").map((choice) => {
    const [tag = "", ...params] = choice.trim().split(";");
    const quality = params.map((param) => /^\s*q=([\d.]+)/.exec(param)?.[1]).find((q) => q !== undefined);
    return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) };
  });
  const [first] = choices.filter(({ tag, quality }) => tag !== "" && tag !== "*" && quality > 0).sort((a, b) => b.quality - a.quality);
  return first?.tag.slice(0, 35) ?? c.var.user.locale ?? undefined;
}
