// HTTP over SCTP, the client: three requests of node:http over one association, kept open between them by an Agent.
//
//   node --import tsx examples/http_over_sctp/client.ts [PORT [HOST]]
//   deno run --allow-ffi --allow-env examples/http_over_sctp/client.ts [PORT [HOST]]
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import process from "node:process";
import { connect } from "netsctp";
import { identified } from "./identifier.ts";

const [port = "8080", host = "127.0.0.1"] = process.argv.slice(2);

// An Agent opens a connection whenever it has none that is free. Ours opens an association.
let associations = 0;
const agent = Object.assign(new Agent({ keepAlive: true, maxSockets: 1 }), {
  createConnection() {
    associations++;
    return identified(connect({ port, host }));
  },
});

async function ask(method: string, path: string, body?: string, headers = {}): Promise<string> {
  const asked = request({ agent, method, path, host, port, headers });
  asked.on("error", () => {}); // once() throws it, or reading the response does
  asked.end(body);
  const [response] = await once(asked, "response") as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  const text = Buffer.concat(parts).toString();
  console.log(`${method} ${path}: ${response.statusCode} ${text.trimEnd()}`);
  return text;
}

try {
  await ask("GET", "/");
  const sent = "a body that comes back";
  if (await ask("POST", "/echo", sent) !== sent) throw new Error("the body has changed on its way");
  await ask("GET", "/nothing", undefined, { connection: "close" }); // the server ends the association after it
  console.log(`${associations} association${associations === 1 ? "" : "s"}`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
agent.destroy();
