// Files as people have them, made here: a text, a picture, a PDF with words in it, a Word document.

import { crc32, deflateSync } from "node:zlib";

/** A laboratory report as lines of columns: test, result, unit, usual range. */
export const REPORT = {
  head: ["Northside Laboratory", "Laboratory report", "Date of collection: 04 Mar 2026"],
  rows: [
    ["Test", "Result", "Unit", "Reference range"],
    ["Hemoglobin", "13.4", "g/dL", "12.0 - 15.5"],
    ["Creatinine", "0.92", "mg/dL", "0.60 - 1.10"],
    ["Potassium", "4.3", "mmol/L", "3.5 - 5.1"],
    ["SGPT (ALT)", "31", "U/L", "0 - 45"],
  ],
};

/** @param {string} words */
export const text = (words) => Buffer.from(`${words}\n`);

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** A grey picture; no two shades are the same file. */
export function png(width, height, shade) {
  const rows = Buffer.alloc((width + 1) * height, shade);
  for (let y = 0; y < height; y++) rows[y * (width + 1)] = 0;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

const escaped = (words) => words.replaceAll(/[\\()]/g, "\\$&");

/**
 * A PDF with a text layer, a page per list of placed words.
 * @param {{ x: number, y: number, words: string, size?: number }[][]} pages in points from the lower left of A4
 */
export function pdf(pages) {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, i) => `${4 + i * 2} 0 R`).join(" ")}] >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  pages.forEach((placed, i) => {
    const drawn = placed.map(({ x, y, words, size = 11 }) => `BT /F ${size} Tf ${x} ${y} Td (${escaped(words)}) Tj ET`).join("\n");
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents ${5 + i * 2} 0 R >>`);
    objects.push(`<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`);
  });
  let out = "%PDF-1.4\n";
  const places = objects.map((object, i) => {
    const at = out.length;
    out += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = out.length;
  const rows = places.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`;
  out += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(out, "latin1");
}

/** The report above as a PDF. */
export function reportPdf({ head, rows } = REPORT) {
  const columns = [60, 250, 340, 430];
  const title = head.map((words, i) => ({ x: 60, y: 780 - i * 22, words, size: i === 0 ? 16 : 11 }));
  const table = rows.flatMap((row, i) => row.map((words, j) => ({ x: columns[j], y: 680 - i * 26, words })));
  return pdf([[...title, ...table]]);
}

/** A PDF with a few words. */
export const letterPdf = (words) => pdf([[{ x: 60, y: 760, words }]]);

/** A ZIP archive of stored files. */
function zip(files) {
  const parts = [];
  const index = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt32LE(crc32(bytes), 14);
    local.writeUInt32LE(bytes.length, 18);
    local.writeUInt32LE(bytes.length, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(20, 4);
    central.writeUInt16LE(20, 6);
    local.copy(central, 10, 8, 30);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(at, 42);
    index.push(central, Buffer.from(name));
    parts.push(local, Buffer.from(name), bytes);
    at += 30 + name.length + bytes.length;
  }
  const size = index.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(index.length / 2, 8);
  end.writeUInt16LE(index.length / 2, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...index, end]);
}

/** A Word document with one paragraph. */
export function docx(words) {
  const office = "http://schemas.openxmlformats.org";
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
  return zip({
    "[Content_Types].xml": `${head}<Types xmlns="${office}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${main}"/></Types>`,
    "_rels/.rels": `${head}<Relationships xmlns="${office}/package/2006/relationships"><Relationship Id="r1" Type="${office}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    "word/document.xml": `${head}<w:document xmlns:w="${office}/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${words}</w:t></w:r></w:p></w:body></w:document>`,
  });
}

/** A sheet of paper on a dark table, as one frame of a film (I420) for a camera. */
export function paperFrame(width = 640, height = 480) {
  const frame = Buffer.alloc((width * height * 3) / 2, 128);
  const corners = [[0.28, 0.1], [0.74, 0.14], [0.72, 0.92], [0.25, 0.88]];
  const on = (x, y) =>
    corners.every(([ax, ay], i) => {
      const [bx, by] = corners[(i + 1) % 4];
      return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0;
    });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const paper = on(x / width, y / height);
      const line = paper && x / width > 0.34 && x / width < 0.66 && y / height > 0.2 && y / height < 0.8 && y % 24 < 6;
      frame[y * width + x] = line ? 60 : paper ? 220 : 40;
    }
  }
  return { width, height, frames: { rest: frame } };
}
