// The client of the main job: sends the plan, checks what comes back, and reports in a line of JSON.
import { once } from "node:events";
import process from "node:process";
import { connect } from "netsctp";
import { Checker, plan, STREAMS } from "./payload.ts";

const port = Number(process.argv[2]);
const socket = connect({ host: "127.0.0.1", port, OS: STREAMS, MIS: STREAMS });
const checker = new Checker();
socket.on("data", (message) => {
  checker.take(message);
  if (checker.complete) socket.end();
});
await once(socket, "connect");

const started = performance.now();
for (const message of plan()) {
  if (socket.writableNeedDrain) await once(socket, "drain");
  socket.write(message);
}
await once(socket, "close");
console.log(JSON.stringify({ received: checker.tally(), seconds: (performance.now() - started) / 1000 }));
