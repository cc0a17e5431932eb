// How photographs become documents that are not larger than one may be: first less finely packed, then in parts.

/** The first is what is wished. */
const QUALITIES = [0.85, 0.7, 0.55];
/** What a page needs in the document beside its picture, and a document beside its pages. */
const BESIDE_PAGE = 800;
const BESIDE_ALL = 2_000;

const weigh = (pages: Uint8Array[]): number => pages.reduce((sum, page) => sum + page.length + BESIDE_PAGE, BESIDE_ALL);

/** Pages in their order, as few documents as hold them; an error when one page alone is too large. */
export function parted(pages: Uint8Array[], most: number): number[] {
  const counts: number[] = [];
  let room = 0;
  for (const page of pages) {
    const size = page.length + BESIDE_PAGE;
    if (size + BESIDE_ALL > most) throw new Error("one page is too large");
    if (size > room) {
      counts.push(0);
      room = most - BESIDE_ALL;
    }
    counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1;
    room -= size;
  }
  return counts;
}

/** The pages as finely packed as one document can take, or, in several, as coarsely as is still well read. */
export async function packed(make: (quality: number) => Promise<Uint8Array[]>, most: number): Promise<Uint8Array[]> {
  let pages: Uint8Array[] = [];
  for (const quality of QUALITIES) {
    pages = await make(quality);
    if (weigh(pages) <= most) break;
  }
  return pages;
}
