// An entry to the letter: its numbers keep the digits they were written with.
import type { Resource } from "@/api/record";

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Of the private use area: no text of a record begins with it. */
export const MARK = "\uE000";

/** An entry of which the numbers are texts behind a mark: parsing would take digits from them (1.0 becomes 1). */
export const read = (json: string): Resource =>
  JSON.parse(json.replace(TOKEN, (token) => (token.startsWith('"') ? token : `"${MARK}${token}"`))) as Resource;

/** The entry with its numbers as they were written. */
export const write = (entry: Resource): string =>
  JSON.stringify(entry).replace(/"\uE000(-?[0-9][0-9.eE+-]*)"/g, (_, digits: string) => digits);
