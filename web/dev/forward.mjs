// Passes the HTTP API on to a real server, streams included.
import { request as ask } from "node:http";

const BACKEND = process.env.HEALTHSYNC_URL ?? "http://127.0.0.1:8080";

export function forward(request, response) {
  if (!/^\/(api|fhir)(\/|$|\?)/.test(request.url)) return Promise.resolve(false);
  return new Promise((done) => {
    const outgoing = ask(
      new URL(request.url, BACKEND),
      { method: request.method, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
        done(true);
      },
    );
    outgoing.on("error", () => {
      response.writeHead(502);
      response.end();
      done(true);
    });
    response.on("close", () => outgoing.destroy());
    request.pipe(outgoing);
  });
}
