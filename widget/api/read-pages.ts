import type { List } from "../../shared/api/list.ts";

/** A list from its beginning, page by page until it holds `wanted` items: one that is read again while it is in sight grows no shorter. */
export async function readPages<T>(read: (cursor?: string) => Promise<List<T>>, wanted = 0): Promise<List<T>> {
  let list = await read();
  while (list.nextCursor && list.items.length < wanted) {
    const { items, nextCursor } = await read(list.nextCursor);
    list = { items: [...list.items, ...items], nextCursor };
  }
  return list;
}
