/** Where the catalogue's icon `path` (`icons/x.svg`) is served; null for what is no such path, as other sites' and inline images are not passed on. */
export function iconUrl(publicUrl: string, workspace: string, path: string | null | undefined): string | null {
  if (!path || path.length > 200 || !/^[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*$/.test(path)) return null;
  return `${publicUrl}/icons/${workspace}/${path}`;
}
