/** What can be done about a notice without leaving the page: the grant that it asks to renew, or may be asked for. */
export function renewalIn(link: string | null): { act: "renew" | "ask"; grant: number } | null {
  const found = /^\/(?:sharing\?(renew)|record\/[^/?]+\?(ask))=(\d{1,15})$/.exec(link ?? "");
  return found ? { act: found[1] ? "renew" : "ask", grant: Number(found[3]) } : null;
}

/** A notice may lead to a page of this app and nowhere else. */
export function localPath(link: string | null): string | null {
  return link && /^\/(?![/\\])/.test(link) ? link : null;
}
