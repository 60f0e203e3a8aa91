/** Clicks through a product's pages as a browser would: keeps cookies, posts forms with its origin, follows nothing by itself. */
export class BrowserSession {
  readonly #origin: string;
  #cookie = "";

  constructor(origin: string) {
    this.#origin = origin;
  }

  async get(path: string): Promise<Response> {
    return this.#keep(await fetch(this.#origin + path, { redirect: "manual", headers: { Cookie: this.#cookie } }));
  }

  async post(path: string, fields: Record<string, string>): Promise<Response> {
    const headers = { Cookie: this.#cookie, Origin: this.#origin };
    return this.#keep(await fetch(this.#origin + path, { method: "POST", redirect: "manual", headers, body: new URLSearchParams(fields) }));
  }

  #keep(response: Response): Response {
    const [cookie] = response.headers.getSetCookie();
    if (cookie) this.#cookie = cookie.split(";")[0] ?? "";
    return response;
  }
}
