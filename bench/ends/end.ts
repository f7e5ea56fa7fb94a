/**
 * One end of one run, on Node or Deno; baseline/main.c is the same in C.
 *
 *     end sctp|tcp server|client flood|options|echo|scale|cycle|idle SIZE WARM_UP_MS RUN_MS ASSOCIATIONS OUTSTANDING [PORT]
 *
 * A server prints {"port":N} first. Each end prints its report as the last line.
 */
import process from "node:process";
import { cycle } from "./cycle.ts";
import { echo } from "./echo.ts";
import { flood } from "./flood.ts";
import { idle } from "./idle.ts";
import { serve } from "./server.ts";
import { parseTask } from "./task.ts";
import * as tcp from "./tcp.ts";

const [transport, ...rest] = process.argv.slice(2);
const task = parseTask(rest);
const clients = { flood, options: flood, echo, scale: echo, cycle, idle };

const run = transport === "tcp"
  ? task.role === "server" ? tcp.serve : tcp.flood
  : task.role === "server"
  ? serve
  : clients[task.load];
console.log(JSON.stringify(await run(task)));
