// Before any journey: one start from nothing. Each journey then goes on with a copy of what it left, instead of building and seeding anew.
import { Product } from "./product.ts";

/** Starts a product as a newcomer does, ends it, and tells where its data lies; forgets it after the last journey. */
export async function setup(): Promise<() => void> {
  const first = new Product();
  try {
    await first.start();
  } finally {
    await first.end();
  }
  process.env.INLAY_PREPARED = first.state;
  return () => first.forget();
}
