// Documents in memory: a page is drawn as a PNG, and what is sent becomes a document that is being read.
import { deflateSync } from "node:zlib";
import { DAY, day, iso, NOW } from "./chance.mjs";

const KINDS = [
  { code: "11502-2", display: "Laboratory report" },
  { code: "18842-5", display: "Discharge summary" },
  { code: "57133-1", display: "Referral note" },
  { code: "57833-6", display: "Prescription" },
];

const TESTS = [
  ["Hb", "718-7", "Hemoglobin", "13.2", "g/dL", "12.0", "15.5", null, 0.98],
  ["TLC", "6690-2", "Leukocytes", "11.8", "10*3/uL", "4.0", "11.0", "H", 0.95],
  ["SGPT (ALT)", "1742-6", "Alanine aminotransferase", "42", "U/L", "0", "45", null, 0.97],
  ["Glucose, fasting", "1558-6", "Fasting glucose", "108", "mg/dL", "70", "100", "H", 0.81],
  ["Creatin1ne", "2160-0", "Creatinine", "0.9", "mg/dL", "0.6", "1.1", null, 0.52],
];

const tests = TESTS.map(([label, code, display, value, unit, low, high, flag, confidence], i) => ({
  n: i,
  state: "proposed",
  page: 1,
  box: { x: 0.1, y: 0.3 + i * 0.05, w: 0.75, h: 0.025 },
  label,
  code,
  display,
  value,
  comparator: null,
  qualitative: null,
  unit,
  unitPrinted: unit,
  low,
  high,
  flag,
  date: null,
  confidence,
  observation: null,
  addedFrom: null,
}));

const base = {
  patient: "pat-asha",
  author: null,
  organization: null,
  tags: [],
  state: "read",
  stateDetail: null,
  picture: true,
  pages: 1,
  toConfirm: 0,
  sameAs: null,
  addedBy: "patient",
  deletedAt: null,
  gone: null,
  suggestions: null,
  mayChange: true,
  date: null,
  kind: null,
  contentType: "application/pdf",
};

const all = [
  {
    ...base,
    id: "doc-1",
    title: "Blood test, spring",
    fileName: "report-0423.pdf",
    size: 182_300,
    pages: 3,
    toConfirm: tests.length,
    addedAt: iso(NOW - DAY / 12),
    tags: ["yearly check"],
    suggestions: { date: day(NOW - 3 * DAY), organization: "Northside Laboratory", kind: KINDS[0], title: null },
  },
  {
    ...base,
    id: "doc-2",
    title: "IMG_2204",
    fileName: "IMG_2204.jpg",
    contentType: "image/jpeg",
    size: 2_412_000,
    state: "reading",
    addedAt: iso(NOW - DAY / 6),
  },
  {
    ...base,
    id: "doc-3",
    title: "Letter of the knee clinic",
    fileName: "letter.docx",
    contentType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    size: 38_100,
    pages: 1,
    picture: false,
    kind: KINDS[2],
    date: day(NOW - 200 * DAY),
    organization: "Knee Clinic Riverside",
    tags: ["knee", "insurance"],
    addedAt: iso(NOW - 4 * DAY),
  },
  {
    ...base,
    id: "doc-4",
    title: "Old discharge letter, scanned",
    fileName: "scan.tiff",
    contentType: "image/tiff",
    size: 6_120_000,
    state: "unreadable",
    kind: KINDS[1],
    addedAt: iso(NOW - 40 * DAY),
    sameAs: "doc-1",
  },
  {
    ...base,
    id: "doc-5",
    title: "Receipt",
    fileName: "receipt.pdf",
    size: 20_000,
    addedAt: iso(NOW - 9 * DAY),
    deletedAt: iso(NOW - 2 * DAY),
    gone: iso(NOW + 28 * DAY),
  },
];

/** A sheet with grey lines where words would be. */
function drawPage(width) {
  const height = Math.round(width * Math.SQRT2);
  const rows = Buffer.alloc((width + 1) * height, 255);
  for (let y = 0; y < height; y++) {
    rows[y * (width + 1)] = 0;
    const line = (y / height) * 40;
    if (line < 3 || line > 37 || line % 2 < 1.3) continue;
    const long = 0.45 + ((Math.floor(line / 2) * 37) % 40) / 100;
    for (let x = Math.round(width * 0.1); x < width * (0.1 + long); x++) {
      if (Math.floor(x / width / 0.012) % 7 !== 6) rows[y * (width + 1) + 1 + x] = 90;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let i = 0; i < 8; i++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

const TEXT =
  "Northside Laboratory\nReport of a blood test\nHb 13.2 g/dL 12.0 - 15.5\nSGPT (ALT) 42 U/L 0 - 45\nGlucose, fasting 108 mg/dL 70 - 100";

export function documentRoutes({ ok, problem, tell }) {
  const of = (path) => all.find((each) => each.id === path[2]);
  const withOne = (act) => (context) => {
    const item = of(context.path);
    return item ? act(item, context) : problem(404, "not-found", "There is no such document, or you may not see it.");
  };
  const seen = (item, account) => ({ ...item, mayChange: account.patient === item.patient });
  const change = (act) =>
    withOne((item, context) => {
      act(item, context);
      return ok(seen(item, context.account));
    });
  const value = (act) =>
    withOne((item, { path, body }) => {
      const found = tests.find((each) => String(each.n) === path[4]);
      act(found, body);
      item.toConfirm = tests.filter((each) => each.state === "proposed").length;
      return ok(found);
    });
  return {
    "GET api/patients/*/documents": ({ account, path, query }) => {
      const mine = all
        .filter((each) => each.patient === path[2] && (each.deletedAt !== null) === (query.get("deleted") === "true"))
        .filter((each) => !query.get("q") || each.title.toLowerCase().includes(query.get("q").toLowerCase()))
        .filter((each) => !query.get("kind") || each.kind?.code === query.get("kind"))
        .filter((each) => !query.get("tag") || each.tags.includes(query.get("tag")));
      const kinds = KINDS.map((kind) => ({
        ...kind,
        count: mine.filter((each) => each.kind?.code === kind.code).length,
      }));
      const tags = [...new Set(mine.flatMap((each) => each.tags))];
      return ok({
        items: mine.map((item) => seen(item, account)),
        next: null,
        kinds: kinds.filter(({ count }) => count > 0),
        maxBytes: 10 * 1024 * 1024,
        tags: tags.map((tag) => ({ tag, count: mine.filter((each) => each.tags.includes(tag)).length })),
      });
    },
    "GET api/documents/*": withOne((item, { account }) => ok(seen(item, account))),
    "GET api/documents/*/thumbnail": withOne(() => ({ status: 200, bytes: drawPage(320), type: "image/png" })),
    "GET api/documents/*/pages/*": withOne((_, { query }) => ({
      status: 200,
      bytes: drawPage(Number(query.get("width"))),
      type: "image/png",
    })),
    "GET api/documents/*/content": withOne(() => ({ status: 200, bytes: Buffer.from(TEXT), type: "text/plain" })),
    "GET api/documents/*/text": withOne(() => {
      const lines = TEXT.split("\n").map((line, i) => ({
        words: line.split(" ").map((t, j) => ({ t, x: 0.1 + j * 0.12, y: 0.1 + i * 0.05, w: 0.1, h: 0.02, c: 0.95 })),
      }));
      return ok({ pages: [{ n: 1, source: "ocr", confidence: 0.95, lines }] });
    }),
    "GET api/documents/*/values": withOne(() => ok({ items: tests })),
    "POST api/documents/*/values/*/confirm": value((found, { label, ...answer }) =>
      Object.assign(found, answer, { display: label, state: "confirmed", observation: "obs-1" }),
    ),
    "POST api/documents/*/values/*/skip": value((found) => Object.assign(found, { state: "skipped" })),
    "POST api/documents/*/values/*/reopen": value((found) =>
      Object.assign(found, { state: "proposed", observation: null }),
    ),
    "POST api/documents/*/change": change((item, { body }) =>
      Object.assign(item, body, body.kind ? { kind: KINDS.find(({ code }) => code === body.kind) } : {}),
    ),
    "POST api/documents/*/delete": change((item) =>
      Object.assign(item, { deletedAt: iso(Date.now()), gone: iso(Date.now() + 30 * DAY) }),
    ),
    "POST api/documents/*/restore": change((item) => Object.assign(item, { deletedAt: null, gone: null })),
    "POST api/documents/*/read": change((item) => Object.assign(item, { state: "waiting" })),
    "GET api/document-kinds": () => ok({ items: KINDS }),
    "GET api/lab-codes": () =>
      ok({
        items: TESTS.map(([label, code, display, , unit]) => ({
          code,
          display,
          synonyms: [label],
          unit,
          units: [unit],
        })),
      }),
    "POST api/uploads": ({ request }) => {
      const words = Object.fromEntries(
        request.headers["upload-metadata"].split(",").map((pair) => {
          const [name, text] = pair.split(" ");
          return [name, Buffer.from(text, "base64").toString()];
        }),
      );
      const size = Number(request.headers["upload-length"]);
      const id = `doc-${all.length + 1}`;
      const title = words.title ?? words.filename.replace(/\.\w+$/, "");
      all.unshift({
        ...base,
        ...words,
        id,
        title,
        fileName: words.filename,
        size,
        state: "reading",
        addedAt: iso(Date.now()),
      });
      return { status: 201, headers: { Location: `/api/uploads/${id}` } };
    },
    "PATCH api/uploads/*": ({ path, size, request }) => {
      const item = of(path);
      const offset = Number(request.headers["upload-offset"]) + size;
      const whole = offset === item.size;
      if (whole) tell(`record:${item.patient}`);
      const headers = {
        "Upload-Offset": String(offset),
        ...(whole ? { "Content-Location": `/api/documents/${item.id}` } : {}),
      };
      return { status: 204, headers };
    },
  };
}
