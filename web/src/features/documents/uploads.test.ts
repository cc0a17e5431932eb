// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { Problem } from "@/api/client";
import { unfinishedUploads } from "@/api/documents";
import * as tus from "@/api/tus";
import { fingerprint } from "./fingerprint";
import { addFiles, cancel, clearDone, isActive, retry, uploads } from "./uploads";

vi.mock("@/api/tus", () => ({ begin: vi.fn(), arrived: vi.fn(), push: vi.fn(), end: vi.fn(async () => {}) }));
vi.mock("@/api/documents", () => ({ unfinishedUploads: vi.fn() }));
vi.mock("./fingerprint", () => ({ fingerprint: vi.fn() }));

const { begin, arrived, push, end } = vi.mocked(tus);
const file = (name: string, text = "some words") => ({ name, file: new Blob([text]) });
/** A connection that neither moves nor breaks, until somebody stops it. */
const hangs: typeof tus.push = (_url, _file, _offset, _onSent, signal) =>
  new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError"))));
const one = () => uploads()[0];

beforeEach(async () => {
  vi.useFakeTimers();
  for (const { id } of uploads()) cancel(id);
  await vi.advanceTimersByTimeAsync(0);
  vi.resetAllMocks();
  end.mockResolvedValue();
  begin.mockImplementation(async () => "/api/uploads/7");
  vi.mocked(unfinishedUploads).mockResolvedValue([]);
  vi.mocked(fingerprint).mockResolvedValue("known");
});

test("a file that loses its connection goes on where the server says it was", async () => {
  push.mockRejectedValueOnce(new Problem(0, "offline", "")).mockResolvedValueOnce("doc-1");
  arrived.mockResolvedValue({ offset: 4, document: null });
  addFiles("pat", [file("a.txt")]);
  await vi.waitFor(() => expect(one()?.state).toBe("offline"));
  window.dispatchEvent(new Event("online"));
  await vi.waitFor(() => expect(one()?.state).toBe("done"));
  expect(begin).toHaveBeenCalledTimes(1);
  expect(push.mock.calls.map((call) => call[2])).toEqual([0, 4]);
  expect(one()?.document).toBe("doc-1");
});

test("a file whose last answer was lost is not sent again", async () => {
  push.mockRejectedValueOnce(new Problem(0, "offline", ""));
  arrived.mockResolvedValue({ offset: 10, document: "doc-2" });
  addFiles("pat", [file("a.txt")]);
  await vi.waitFor(() => expect(one()?.state).toBe("offline"));
  window.dispatchEvent(new Event("online"));
  await vi.waitFor(() => expect(one()?.document).toBe("doc-2"));
  expect(push).toHaveBeenCalledTimes(1);
});

test("what the server refuses is not tried again, and an empty file is not even sent", async () => {
  push.mockRejectedValue(new Problem(422, "macros", ""));
  addFiles("pat", [file("a.docx"), file("empty.txt", "")]);
  await vi.waitFor(() => expect(uploads().map((each) => each.state)).toEqual(["refused", "refused"]));
  expect(uploads().map((each) => each.problem?.kind)).toEqual(["macros", "empty"]);
  expect(begin).toHaveBeenCalledTimes(1);
  clearDone();
  expect(uploads()).toEqual([]);
});

test("no more than three go at once, however many are added", async () => {
  push.mockImplementation(hangs);
  addFiles(
    "pat",
    Array.from({ length: 20 }, (_, i) => file(`${i}.txt`)),
  );
  await vi.waitFor(() => expect(push).toHaveBeenCalledTimes(3));
  expect(uploads().filter(isActive)).toHaveLength(20);
  expect(begin).toHaveBeenCalledTimes(3);
});

test("stopping takes back what the server has of a file", async () => {
  push.mockImplementation(hangs);
  addFiles("pat", [file("a.txt")]);
  await vi.waitFor(() => expect(push).toHaveBeenCalled());
  cancel(one()?.id ?? 0);
  expect(end).toHaveBeenCalledWith("/api/uploads/7");
  expect(uploads()).toEqual([]);
});

test("a server that cannot is asked a few times, and then a person decides", async () => {
  push.mockRejectedValue(new Problem(503, "busy", ""));
  arrived.mockResolvedValue({ offset: 0, document: null });
  addFiles("pat", [file("a.txt")]);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(one()?.state).toBe("failed");
  push.mockResolvedValue("doc-3");
  retry(one()?.id ?? 0);
  await vi.waitFor(() => expect(one()?.document).toBe("doc-3"));
});

const left = (name: string, size: number, fingerprint: string | null) => {
  return { address: `/api/uploads/${name}`, name, size, received: 4, fingerprint, expires: "2026-11-23T08:00:00.000Z" };
};

test("a file that an earlier window left half sent goes on where it was", async () => {
  const all = [left("b.txt", 10, "known"), left("a.txt", 11, "known"), left("a.txt", 10, "other")];
  vi.mocked(unfinishedUploads).mockResolvedValue([
    ...all,
    { ...left("a.txt", 10, "known"), address: "/api/uploads/3" },
  ]);
  arrived.mockResolvedValue({ offset: 4, document: null });
  push.mockResolvedValue("doc-4");
  addFiles("pat", [file("a.txt"), file("a.txt")]);
  await vi.waitFor(() => expect(uploads().map((each) => each.state)).toEqual(["done", "done"]));
  expect(unfinishedUploads).toHaveBeenCalledTimes(1);
  // Of two alike only one goes on; the other begins.
  expect(push.mock.calls.map((call) => [call[0], call[2]])).toEqual([
    ["/api/uploads/3", 4],
    ["/api/uploads/7", 0],
  ]);
  expect(begin.mock.calls.map((call) => call[1].fingerprint)).toEqual(["known"]);
});

test("a file whose name the server made plainer goes on all the same", async () => {
  vi.mocked(unfinishedUploads).mockResolvedValue([left("mid name.txt", 10, "known")]);
  arrived.mockResolvedValue({ offset: 4, document: null });
  push.mockResolvedValue("doc-6");
  addFiles("pat", [file('mid  "name"?.txt')]);
  await vi.waitFor(() => expect(one()?.document).toBe("doc-6"));
  expect(push.mock.calls[0]?.slice(0, 3)[2]).toBe(4);
});

test("what the server cannot tell of earlier windows holds nothing up", async () => {
  vi.mocked(unfinishedUploads).mockRejectedValue(new Problem(403, "forbidden", ""));
  push.mockResolvedValue("doc-5");
  addFiles("pat", [file("a.txt")]);
  await vi.waitFor(() => expect(one()?.document).toBe("doc-5"));
});
