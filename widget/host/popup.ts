const WIDTH = 560;
const HEIGHT = 720;

/** Opens a blank window over the middle of this one. Call it in the click. Null: the browser blocked it. */
export function openPopup(url = "about:blank"): Window | null {
  const left = Math.max(0, screenX + (outerWidth - WIDTH) / 2);
  const top = Math.max(0, screenY + (outerHeight - HEIGHT) / 2);
  try {
    return window.open(url, "_blank", `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`);
  } catch {
    return null;
  }
}

/** The tab that this page is in. `isWhole`: it is in no frame, where a provider's page would refuse to show. `isLeft`: the user is in another window. */
export const tab = {
  isWhole: (): boolean => window.top === window,
  isLeft: (): boolean => !document.hasFocus(),
  goTo: (url: string): void => location.assign(url),
};
