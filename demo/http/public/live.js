// Renews every `[data-live]` part of a page every two seconds while the page is seen, unless the reader is busy in it.
const EVERY_MS = 2000;

/** @param {Element} part */
const isBusy = (part) => part.contains(document.activeElement) || part.querySelector("details[open]") !== null;

async function renew() {
  const parts = [...document.querySelectorAll("[data-live]")];
  if (document.hidden || parts.some(isBusy)) return;
  const response = await fetch(location.href).catch(() => undefined);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const replacements = [...fresh.querySelectorAll("[data-live]")];
  parts.forEach((part, index) => {
    const replacement = replacements[index];
    if (replacement && !isBusy(part) && replacement.innerHTML !== part.innerHTML) part.replaceWith(document.adoptNode(replacement));
  });
}

if (document.querySelector("[data-live]")) setInterval(renew, EVERY_MS);
