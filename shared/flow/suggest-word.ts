/** The words of flow, app and test files. */
export const FILE_WORDS: readonly string[] = (
  "accept account accounts action actions after algorithm answer answers api app app_event apps as attempts audience auth " +
  "authorizeParams authorizeUrl base baseUrl batch block blocks body call cap carry catch categories category challenge class client " +
  "clientIdParam clientSecretParam code concurrency cron cursor data dedupe default description do docs document else elseif " +
  "encoding env error errors event events every expect expiresIn fail fault fields finally first flow for from from_openapi group " +
  "header headers help hosts http icon id idempotency if in inlay input instances issuer items key label labels language lifecycle " +
  "limits log manual match max maxLength message method min minLength missed missing name next now number offset on on_error " +
  "on_failure operations optional options order output owner page pages parallel partition password path pattern per pkce " +
  "placeholder poll prefix provider queries query quota reason request requests required respond retry revokeUrl rule runs sample " +
  "schedule scheme scopeParam scopeSeparator scopes secret set settings setup shared size slow state status step steps stop " +
  "subscribe tags tasks test tests then timeout timezone title to token tokenAnswer tokenAuth tokenEncoding tokenParams tokenUrl " +
  "trigger triggers try type unsubscribe until url user username validate value verify wait webhook when while with"
).split(" ");

/** How many letters must be put in, left out, replaced or swapped to make `b` of `a` (Damerau's distance, between neighbours). */
export function editDistance(a: string, b: string): number {
  let [older, old]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let best = Math.min((old[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (old[j - 1] ?? 0) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (older[j - 2] ?? 0) + 1);
      row.push(best);
    }
    [older, old] = [old, row];
  }
  return old[b.length] ?? 0;
}

/** The one of `words` that was probably meant by `word`: at most a third of its letters differ. Undefined where none is near. */
export function suggestWord(word: string, words: readonly string[] = FILE_WORDS): string | undefined {
  if (word.length > 64 || words.includes(word)) return undefined;
  const near = words.map((one) => ({ one, distance: editDistance(word.toLowerCase(), one.toLowerCase()) }));
  near.sort((a, b) => a.distance - b.distance);
  const [best] = near;
  return best && best.distance <= Math.max(1, Math.floor(word.length / 3)) ? best.one : undefined;
}
