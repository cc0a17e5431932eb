// The views of a record that the API answers: timeline, summary, series.
const newestFirst = (a, b) => (b.entry.date ?? "").localeCompare(a.entry.date ?? "");
const strip = ({ visit, numbers, usual, active, ...entry }) => entry;

export function timeline(record, query) {
  const wanted = query.get("category")?.split(",").filter(Boolean) ?? [];
  const from = query.get("from") ?? "";
  const to = query.get("to") ?? "9999";
  const size = Number(query.get("count") ?? 40);
  const start = Number(query.get("before") ?? 0);
  const all = record
    .filter(({ entry }) => {
      const date = entry.date.slice(0, 10);
      return (wanted.length === 0 || wanted.includes(entry.category)) && date >= from && date <= to;
    })
    .sort(newestFirst);
  const groups = [];
  for (const { entry } of all.slice(start, start + size)) {
    const key = entry.visit?.id ?? entry.date.slice(0, 10);
    if (groups.at(-1)?.key !== key)
      groups.push({ key, visit: entry.visit ?? null, date: entry.date.slice(0, 10), entries: [] });
    groups.at(-1).entries.push(strip(entry));
  }
  const next = start + size < all.length ? String(start + size) : null;
  const page = { groups: groups.map(({ key, ...group }) => group), next };
  return start > 0 ? page : { ...page, ...overview(record) };
}

export function overview(record) {
  const counts = {};
  const years = {};
  for (const { entry } of record) {
    counts[entry.category] = (counts[entry.category] ?? 0) + 1;
    years[entry.date.slice(0, 4)] = (years[entry.date.slice(0, 4)] ?? 0) + 1;
  }
  return {
    counts,
    total: record.length,
    years: Object.entries(years).map(([year, count]) => ({ year: Number(year), count })),
  };
}

const SECTIONS = [
  ["11450-4", "Problems", "condition", "No problems are known."],
  ["48765-2", "Allergies", "allergy", "No allergies are known."],
  ["10160-0", "Medicines", "medicine", "No medicines are known."],
  ["11369-6", "Immunizations", "immunization", "No immunizations are known."],
  ["47519-4", "Procedures", "procedure", "No procedures are known."],
  ["46264-8", "Devices", "device", "No devices are known."],
  ["30954-2", "Results", "result", "No results are known."],
  ["8716-3", "Vital signs", "vital", "No vital signs are known."],
  ["18776-5", "Plan", "plan", "No plan is known."],
];

export function summary(patient, record) {
  const sections = SECTIONS.map(([code, title, category, empty]) => {
    const seen = new Set();
    const entries = record
      .filter(({ entry }) => entry.category === category)
      .sort(newestFirst)
      .filter(({ entry }) => {
        if (seen.has(entry.title)) return false;
        seen.add(entry.title);
        return true;
      })
      .map(({ entry }) => ({ ...strip(entry), active: entry.active ?? true }));
    return { code, title, category, entries, empty };
  });
  return { patient, sections };
}

export function series(record) {
  const heads = new Map();
  for (const { entry } of [...record].sort((a, b) => a.entry.date.localeCompare(b.entry.date))) {
    for (const [code, number] of Object.entries(entry.numbers ?? {})) {
      const name =
        code === "8480-6" ? "Systolic blood pressure" : code === "8462-4" ? "Diastolic blood pressure" : entry.title;
      const unit = entry.value.unit ?? "mmHg";
      const head = heads.get(code) ?? {
        code,
        display: name,
        unit,
        category: entry.category,
        first: entry.date,
        points: [],
        reference: entry.usual ?? null,
      };
      head.points.push([new Date(entry.date).getTime(), number, entry.id]);
      head.latest = { date: entry.date, number, ...(entry.value.flag ? { flag: entry.value.flag } : {}) };
      heads.set(code, head);
    }
  }
  return heads;
}

/** The timeline counted: one window for each stretch of about eighty entries, cut between days. */
export function outline(record, query) {
  const wanted = query.get("category")?.split(",").filter(Boolean) ?? [];
  const words = (query.get("q") ?? "").toLowerCase();
  const from = query.get("from") ?? "";
  const to = query.get("to") ?? "9999";
  const kept = record.filter(
    ({ entry }) =>
      (wanted.length === 0 || wanted.includes(entry.category)) &&
      entry.title.toLowerCase().includes(words) &&
      entry.date.slice(0, 10) >= from &&
      entry.date.slice(0, 10) <= to,
  );
  const days = new Map();
  for (const { entry } of kept) days.set(entry.date.slice(0, 10), (days.get(entry.date.slice(0, 10)) ?? 0) + 1);
  const windows = [];
  const months = [];
  for (const [day, count] of [...days].sort(([a], [b]) => b.localeCompare(a))) {
    const last = windows.at(-1);
    if (last && last.count < 80) Object.assign(last, { from: day, count: last.count + count });
    else windows.push({ from: day, to: day, count });
    const month = day.slice(0, 7);
    if (months.at(-1)?.month === month) months.at(-1).count += count;
    else months.push({ month, count });
  }
  const { counts: categories, total: all } = overview(record);
  return { total: kept.length, windows, months, undated: 0, all, categories, labels: {} };
}
