// The text of a document as it was read: lines of words, each word with its place on the page.
import type { Place, ReadPage } from "@/api/types";

type Maybe = { [part in keyof Place]?: Place[part] | null };

/** A page as lines of text. */
export const textOf = (page: ReadPage): string =>
  page.lines.map((line) => line.words.map((word) => word.t).join(" ")).join("\n");

export interface Hit {
  page: number;
  /** Where in the text of its page. */
  from: number;
  to: number;
  place: Place | null;
}

/** Small letters without marks, each in the place of its own: one that would become two stays as it is. */
export const folded = (text: string): string =>
  text.replace(/[^\0-\x7f]|[A-Z]/gu, (letter) => {
    const plain = letter.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace("\u03c2", "\u03c3");
    return plain.length === letter.length ? plain : letter;
  });

/** Every place where the words stand, however they are written; a match may run over several words but not over a line's end. */
export function find(pages: ReadPage[], wanted: string): Hit[] {
  const needle = folded(wanted.trim().replace(/\s+/g, " "));
  if (needle === "") return [];
  return pages.flatMap((page) => {
    const hits: Hit[] = [];
    let start = 0;
    for (const { words } of page.lines) {
      const text = words.map((word) => word.t).join(" ");
      const line = folded(text);
      for (let at = line.indexOf(needle); at >= 0; at = line.indexOf(needle, at + needle.length)) {
        hits.push({
          page: page.n,
          from: start + at,
          to: start + at + needle.length,
          place: placeOf(words, at, needle.length),
        });
      }
      start += text.length + 1;
    }
    return hits;
  });
}

function placeOf(words: (Maybe & { t: string })[], from: number, length: number): Place | null {
  let at = 0;
  const within = words.filter((word) => {
    const begin = at;
    at += word.t.length + 1;
    return begin < from + length && begin + word.t.length > from;
  });
  return around(within);
}

/** The smallest place that holds them all. Words of a text without a layout have none. */
export function around(places: Maybe[]): Place | null {
  const real = places.filter((each): each is Place =>
    [each.x, each.y, each.w, each.h].every((part) => typeof part === "number"),
  );
  if (real.length === 0) return null;
  const x = Math.min(...real.map((each) => each.x));
  const y = Math.min(...real.map((each) => each.y));
  return {
    x,
    y,
    w: Math.max(...real.map((each) => each.x + each.w)) - x,
    h: Math.max(...real.map((each) => each.y + each.h)) - y,
  };
}
