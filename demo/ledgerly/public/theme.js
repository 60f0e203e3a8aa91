// The theme select of every page: kept in a cookie, so that the server can render the next page in it.
const select = document.querySelector("#theme");

select?.addEventListener("change", () => {
  document.documentElement.dataset.theme = select.value;
  document.querySelector("inlay-marketplace")?.setAttribute("theme", select.value);
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in every browser
  document.cookie = `ledgerly_theme=${select.value}; path=/; max-age=31536000; samesite=lax`;
});
