/** node:http over these sockets: its server is given ours, its agent makes ours. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import http from "node:http";
import type { Duplex } from "node:stream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Server, type Socket } from "netsctp";
import { runtime, skip, trailers } from "../helpers/capabilities.ts";
import { payload } from "../helpers/messages.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";

interface Site {
  server: Server;
  /** All that were accepted, in their order. */
  sockets: Socket[];
  agent(options: http.AgentOptions): http.Agent;
  createConnection(): Duplex;
}

async function serve(handler: http.RequestListener): Promise<Site> {
  const web = http.createServer(handler);
  // Deno's node:http closes each connection after its first answer where the http.Server does not listen itself.
  if (runtime === "deno") Object.defineProperty(web, "listening", { value: true });
  const server = await listening();
  const sockets: Socket[] = [];
  server.on("connection", (socket) => {
    sockets.push(socket);
    web.emit("connection", socket);
  });
  const createConnection = () => connect(endpointOf(server));
  return {
    server,
    sockets,
    createConnection,
    agent: (options) => Object.assign(new http.Agent(options), { createConnection }),
  };
}

/** Answers with the request's own body. */
function echo(request: http.IncomingMessage, response: http.ServerResponse): void {
  response.setHeader("content-type", "application/octet-stream");
  request.pipe(response);
}

interface Answer {
  response: http.IncomingMessage;
  body: Buffer;
}

async function answerOf(request: http.ClientRequest): Promise<Answer> {
  const [response] = await once(request, "response");
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  return { response, body: Buffer.concat(parts) };
}

test("several requests of a keep-alive agent share one association", async () => {
  const { server, sockets, agent: agentOf } = await serve(echo);
  const agent = agentOf({ keepAlive: true, maxSockets: 1 });
  const bodies = [10, 300 * 1024, 1, 70_000].map((size) => payload(size));
  for (const body of bodies) {
    const request = http.request({ agent, method: "POST", path: "/echo" });
    request.end(body);
    const { response, body: answer } = await answerOf(request);
    assert.is(response.statusCode, 200);
    assert.ok(answer.equals(body), `${body.length} bytes`);
  }
  assert.is(sockets.length, 1);
  agent.destroy();
  await closed(server);
});

test("requests at once share the agent's associations", async () => {
  const { server, sockets, agent: agentOf } = await serve((request, response) => response.end(request.url));
  const agent = agentOf({ keepAlive: true, maxSockets: 3 });
  const answers = await Promise.all([...Array(20).keys()].map(async (i) => {
    const { body } = await answerOf(http.get({ agent, path: `/${i}` }));
    return body.toString();
  }));
  assert.equal(answers, [...Array(20).keys()].map((i) => `/${i}`));
  assert.is(sockets.length, 3);
  agent.destroy();
  await closed(server);
});

test("without an agent, each request has an association, which ends in order", async () => {
  const { server, createConnection } = await serve((_, response) => response.end("good bye"));
  const ends: Promise<unknown[]>[] = []; // from their beginning: they may be over when 'response' has come
  server.on("connection", (socket) => ends.push(once(socket, "close")));
  const request = http.get({
    createConnection: () => {
      const socket = createConnection();
      ends.push(once(socket, "close"));
      return socket;
    },
  });
  const [response] = await once(request, "response");
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  assert.is(Buffer.concat(parts).toString(), "good bye");
  assert.is(response.headers.connection, "close");
  assert.equal((await Promise.all(ends)).flat(), [false, false]);
  await closed(server);
});

if (trailers.reason) skip("the trailers of an answer", trailers.reason);
test("an answer in chunks comes whole, with its trailers", async () => {
  const { server, agent: agentOf } = await serve(async (_, response) => {
    response.writeHead(200, { trailer: "x-sum" });
    for (let i = 0; i < 50; i++) {
      if (!response.write(`chunk ${i};`)) await once(response, "drain");
      if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    response.addTrailers({ "x-sum": "50" });
    response.end();
  });
  const agent = agentOf({ keepAlive: true });
  const { response, body } = await answerOf(http.get({ agent }));
  assert.is(response.headers["transfer-encoding"], "chunked");
  assert.is(body.toString(), [...Array(50).keys()].map((i) => `chunk ${i};`).join(""));
  if (!trailers.reason) assert.is(response.trailers["x-sum"], "50");
  agent.destroy();
  await closed(server);
});

test("HEAD has no body, and 'Expect: 100-continue' is answered before the body is sent", async () => {
  const { server, agent: agentOf } = await serve(echo);
  const agent = agentOf({ keepAlive: true });
  const head = http.request({ agent, method: "HEAD" });
  head.end();
  const { response, body } = await answerOf(head);
  assert.equal([response.statusCode, body.length], [200, 0]);

  const put = http.request({ agent, method: "PUT", headers: { expect: "100-continue" } });
  put.flushHeaders();
  await once(put, "continue");
  put.end("now");
  assert.is((await answerOf(put)).body.toString(), "now");
  agent.destroy();
  await closed(server);
});

test("after an upgrade both ends have the bare sockets", async () => {
  const server = await listening();
  const web = http.createServer();
  web.on("upgrade", (_, socket: Duplex) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n");
    socket.on("data", (data) => socket.write(data));
  });
  server.on("connection", (socket) => web.emit("connection", socket));
  const request = http.get({
    createConnection: () => connect(endpointOf(server)),
    headers: { connection: "upgrade", upgrade: "echo" },
  });
  const [, socket] = await once(request, "upgrade");
  socket.write("across");
  const [answer] = await once(socket, "data");
  assert.is(answer.toString(), "across");
  socket.end();
  await once(socket.resume(), "close");
  await closed(server);
});

test.run();
