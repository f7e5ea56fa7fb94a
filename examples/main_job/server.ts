// The server of the main job: checks every message, sends it back as it came, and reports in lines of JSON.
import { createServer } from "netsctp";
import { Checker, STREAMS } from "./payload.ts";

const report = (line: object) => console.log(JSON.stringify(line));

const server = createServer({ OS: STREAMS, MIS: STREAMS }, (socket) => {
  server.close();
  const checker = new Checker();
  socket.on("data", (message) => {
    checker.take(message);
    // The echo waits for the client to read: no more is taken in until it is on its way.
    if (!socket.write(message)) socket.pause();
  });
  socket.on("drain", () => socket.resume());
  socket.on("close", () => report({ received: checker.tally() }));
});
server.listen({ host: "127.0.0.1", port: 0 }, () => report({ port: server.address()!.port }));
