/**
 * One end of a run with one knob turned. It takes the arguments of ../ends/end.ts without the transport, makes all
 * loads one after the other, and prints a report for each of them.
 */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import process from "node:process";
import { connect, createServer, type Socket } from "netsctp";
import { parseTask } from "../ends/task.ts";
import type { EndReport } from "../ends/window.ts";
import { loadsOf, type Manner } from "./loads.ts";
import { answer, receive, send, talk } from "./parties.ts";

const manner = JSON.parse(process.env["NETSCTP_BENCH_TUNING"] ?? "{}") as Manner;
const loads = loadsOf(manner);
const task = parseTask(process.argv.slice(2));
const host = "127.0.0.1";

async function serve(): Promise<EndReport[]> {
  const reports: EndReport[] = [];
  const server = createServer(manner.options).listen(0, host);
  await once(server, "listening");
  let begun = 0;
  server.on("connection", (socket) => {
    const load = loads[begun++]!;
    const party = load.messages ? answer : manner.isDownload ? send : receive;
    party(socket, load, manner, task).then((report) => {
      if (reports.push(report) === loads.length) server.close();
    });
  });
  console.log(JSON.stringify({ port: server.address()!.port }));
  await once(server, "close");
  return reports;
}

/** A client that reads into a buffer of its own must say so before it is connected. */
function connectTo(report: (isLast: boolean) => void): Socket {
  const buffer = Buffer.alloc(64 * 1024);
  const onread = {
    buffer,
    callback: (_: number, __: unknown, { isLast }: { isLast: boolean }) => report(isLast),
  };
  return connect({
    port: task.port,
    host,
    ...manner.options,
    ...(manner.read === "onread" ? { onread: onread as never } : {}),
  });
}

async function request(): Promise<EndReport[]> {
  const reports: EndReport[] = [];
  for (const load of loads) {
    let onRead = (_: boolean) => {};
    const socket = connectTo((isLast) => onRead(isLast));
    const party = load.messages ? talk : manner.isDownload ? receive : send;
    reports.push(await party(socket, load, manner, task, (listener) => onRead = listener));
  }
  return reports;
}

const parts = await (task.role === "server" ? serve() : request());
console.log(JSON.stringify({ ...parts[0], parts }));
