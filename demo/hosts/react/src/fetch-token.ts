/** A user token: your own backend signs it for who is signed in. */
export async function fetchToken(): Promise<string> {
  const answer = await fetch("http://localhost:8788/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user: "ada" }),
  });
  const { token } = (await answer.json()) as { token: string };
  return token;
}
