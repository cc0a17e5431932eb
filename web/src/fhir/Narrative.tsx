import { createElement, type ReactNode } from "react";

/** What FHIR's narrative may hold and this app draws. Anything else is shown by its text alone: nothing of it runs, links
 * or loads. */
const DRAWN = new Set(["p", "table", "thead", "tbody", "tr", "th", "td", "ul", "ol", "li", "b", "strong", "em", "br"]);

/** Between the parts of a table stands no text. */
const PARTS = new Set(["table", "thead", "tbody", "tr"]);

function drawn(node: Node, key: number): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) {
    return PARTS.has((node.parentNode as Element | null)?.localName ?? "") ? null : node.textContent;
  }
  if (node.nodeType !== Node.ELEMENT_NODE) return null;
  const name = (node as Element).localName;
  // Text that is no text for a reader.
  if (name === "script" || name === "style") return null;
  const inside = [...node.childNodes].map(drawn);
  if (name === "br") return createElement("br", { key });
  if (name === "th") return createElement("th", { key, scope: "col" }, ...inside);
  return DRAWN.has(name) ? createElement(name, { key }, ...inside) : <span key={key}>{inside}</span>;
}

/** The text of a document in its own words. */
export function Narrative({ div }: { div: string }) {
  const parsed = new DOMParser().parseFromString(div, "application/xhtml+xml");
  if (parsed.querySelector("parsererror")) return null;
  return <>{[...parsed.documentElement.childNodes].map(drawn)}</>;
}
