// Writes a PDF of photographs: one JPEG picture per page, which the format takes as it is (ISO 32000-1, 7.4.8 and 8.9.5).
// Nothing else of the format is needed, so there is no library.
import { concat, utf8 } from "@/lib/bytes";

export interface Sheet {
  jpeg: Uint8Array;
  width: number;
  height: number;
}

/** A4 in points: what the longer edge of a page is made to be. */
const LONG = 842;

export function pdfOf(sheets: Sheet[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const places: number[] = [];
  let length = 0;
  const write = (...pieces: (string | Uint8Array)[]) => {
    for (const piece of pieces) {
      const bytes = typeof piece === "string" ? utf8(piece) : piece;
      parts.push(bytes);
      length += bytes.length;
    }
  };
  const object = (number: number, ...pieces: (string | Uint8Array)[]) => {
    places[number] = length;
    write(`${number} 0 obj\n`, ...pieces, "\nendobj\n");
  };
  // Each page has three objects: itself, its picture, and the one command that draws it.
  const page = (i: number) => 3 + i * 3;
  write("%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n");
  object(1, "<< /Type /Catalog /Pages 2 0 R >>");
  object(2, `<< /Type /Pages /Count ${sheets.length} /Kids [${sheets.map((_, i) => `${page(i)} 0 R`).join(" ")}] >>`);
  sheets.forEach(({ jpeg, width, height }, i) => {
    const scale = LONG / Math.max(width, height);
    const [wide, high] = [(width * scale).toFixed(2), (height * scale).toFixed(2)];
    const at = page(i);
    const draw = `q ${wide} 0 0 ${high} 0 0 cm /P Do Q`;
    object(
      at,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${wide} ${high}] /Resources << /XObject << /P ${at + 1} 0 R >> >> /Contents ${at + 2} 0 R >>`,
    );
    object(
      at + 1,
      `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${jpeg.length} >>\nstream\n`,
      jpeg,
      "\nendstream",
    );
    object(at + 2, `<< /Length ${draw.length} >>\nstream\n${draw}\nendstream`);
  });
  const table = length;
  const count = 3 + sheets.length * 3;
  write(`xref\n0 ${count}\n0000000000 65535 f \n`);
  for (let number = 1; number < count; number++) write(`${String(places[number]).padStart(10, "0")} 00000 n \n`);
  write(`trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`);
  return concat(...parts);
}
