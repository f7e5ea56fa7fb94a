// The same as echo.mjs, with the package's types.
import netsctp, { connect, createServer, type Message, type Socket } from "netsctp";

// @ts-expect-error: it is no number; were the types not found, it would be anything
const stack: number = netsctp.stackInfo().stack;
const server = createServer((socket: Socket) => socket.on("data", (message) => socket.end(message)));
if (typeof stack !== "string") throw new Error("there is no stack");
server.listen({ port: 0, host: "127.0.0.1" }, () => {
  const client = connect({ port: server.address()!.port, host: "127.0.0.1" });
  client.write(Object.assign(Buffer.from("hello"), { sid: 3, ppid: 46 }));
  client.on("data", (reply: Message) => console.log(String(reply), reply.sid, reply.ppid));
  client.on("close", () => server.close());
});
