// before.cjs with netsctp, on Node, Deno and Bun. What had to change is the first line: `import sctp from "netsctp"`, or in
// CommonJS `const sctp = require("netsctp")`. The rest is what is nicer now, and each of it may stay as it was.
//
//   node --import tsx examples/migrate_from_node_lksctp/after.ts [PORT]
//   deno run --allow-ffi --allow-env examples/migrate_from_node_lksctp/after.ts [PORT]
import { Buffer } from "node:buffer";
import process from "node:process";
import sctp from "netsctp";

const server = sctp.createServer({ MIS: 10, OS: 10 }, (socket) => {
  socket.on("data", (data) => { // TypeScript knows that this is a Buffer with sid and ppid
    const { sid, ppid } = data;
    socket.write(Object.assign(Buffer.from(`${data} answered`), { sid, ppid }));
  });
});

server.listen({ host: "127.0.0.1", port: Number(process.argv[2] ?? 3868) }, () => {
  const { port } = server.address()!;
  const socket = sctp.connect({ host: "127.0.0.1", port, MIS: 10, OS: 10 });

  // What is written before the association is up waits for it. And since sid and ppid are read at once, one Buffer could
  // be written again with others.
  for (const text of ["first request", "second request"]) {
    socket.write(Object.assign(Buffer.from(text), { sid: 1, ppid: 46 }));
  }

  let answers = 0;
  socket.on("data", (data) => {
    console.log(`stream ${data.sid}, identifier ${data.ppid}: ${data}`);
    if (++answers === 2) socket.end();
  });

  // Every type is interpreted, and `parsed` has words for what `interpreted` says: no comparing of texts.
  socket.on("notification", ({ parsed, interpreted }) => {
    if (parsed.type !== "sender-dry") console.log(interpreted);
  });
  socket.on("error", (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  socket.on("close", () => server.close());
});
