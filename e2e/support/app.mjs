// An app of somebody else: an address on this machine that the browser comes back to.

import { createServer } from "node:http";

/** Listens where the app's answers go; `came` waits for the next one. */
export async function startApp() {
  const waiting = [];
  const arrived = [];
  const server = createServer((request, response) => {
    if (!/^\/(cb|launch)\?/.test(request.url)) return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
    response.end('<!doctype html><html lang="en"><title>Back</title><link rel="icon" href="data:,"><h1>Back at the app</h1>');
    const url = new URL(request.url, `http://127.0.0.1:${server.address().port}`);
    const next = waiting.shift();
    if (next) next(url);
    else arrived.push(url);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    redirect: `http://127.0.0.1:${server.address().port}/cb`,
    launch: `http://127.0.0.1:${server.address().port}/launch`,
    came: () => (arrived.length > 0 ? Promise.resolve(arrived.shift()) : new Promise((resolve) => waiting.push(resolve))),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Puts an app on the server's list, as an administrator does; a program without people is confirmed by the other one. */
export async function onTheList(server, token, more, other) {
  const response = await fetch(`${server.url}/api/admin/apps`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(more),
  });
  const body = await response.json();
  if (response.status !== 201) throw new Error(`the app was not taken: ${JSON.stringify(body)}`);
  if (body.state !== "waiting" || !other) return body;
  const confirmed = await fetch(`${server.url}/api/admin/apps/${body.id}/confirm`, {
    method: "POST",
    headers: { Authorization: `Bearer ${other}`, "Content-Type": "application/json" },
    body: "{}",
  });
  if (confirmed.status !== 200) throw new Error(`the app was not confirmed: ${await confirmed.text()}`);
  return confirmed.json();
}
