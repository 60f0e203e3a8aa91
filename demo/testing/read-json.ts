/** The body of an answer, taken for a `T`: for tests, which then look at what is in it. */
export async function readJson<T>(response: Response | Promise<Response>): Promise<T> {
  return (await (await response).json()) as T;
}
