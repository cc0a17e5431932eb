/** A notice may lead to a page of this app and nowhere else. */
export function localPath(link: string | null): string | null {
  return link && /^\/(?![/\\])/.test(link) ? link : null;
}
