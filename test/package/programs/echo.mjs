// What a user's first program may be. It prints what came back.
import { connect, createServer } from "netsctp";

const server = createServer((socket) => socket.on("data", (message) => socket.end(message)));
server.listen({ port: 0, host: "127.0.0.1" }, () => {
  const client = connect({ port: server.address().port, host: "127.0.0.1" });
  client.write(Object.assign(Buffer.from("hello"), { sid: 3, ppid: 46 }));
  client.on("data", (reply) => console.log(String(reply), reply.sid, reply.ppid));
  client.on("close", () => server.close());
});
