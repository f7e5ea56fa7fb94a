// What runs in a worker of test/socket/worker_test.ts. JavaScript, since Node's loaders do not reach a worker's entry
// everywhere. It is told what to do by messages, and answers with one each.
import process from "node:process";
import { parentPort } from "node:worker_threads";
import { connect, createServer } from "netsctp";

// Deno has workers of its own, which know no parentPort.
const port = parentPort ?? globalThis;

function reply(answer) {
  port.postMessage(answer);
}

function serve() {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (message) => {
      if (message.toString() === "unref the server") server.unref();
      socket.write(message);
    });
  });
  server.listen({ port: 0, host: "127.0.0.1" }, () => reply(server.address()));
}

/** Says `text` to a server and answers with what comes back; the connection stays open. */
function say({ host, port, text }) {
  const socket = connect({ host, port });
  socket.on("error", (error) => reply(error.code));
  socket.on("data", (message) => reply(message.toString()));
  socket.write(text);
}

const ORDERS = {
  serve,
  say,
  leaveAlone() {
    reply("alone");
    parentPort.unref();
  },
  exit: ({ code }) => process.exit(code),
};

const obey = (order) => ORDERS[order.order](order);
if (parentPort) parentPort.on("message", obey);
else globalThis.onmessage = ({ data }) => obey(data);
