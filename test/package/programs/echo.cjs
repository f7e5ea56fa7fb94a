// The same as echo.mjs, in CommonJS.
const { connect, createServer } = require("netsctp");

const server = createServer((socket) => socket.on("data", (message) => socket.end(message)));
server.listen({ port: 0, host: "127.0.0.1" }, () => {
  const client = connect({ port: server.address().port, host: "127.0.0.1" });
  client.write(Object.assign(Buffer.from("hello"), { sid: 3, ppid: 46 }));
  client.on("data", (reply) => console.log(String(reply), reply.sid, reply.ppid));
  client.on("close", () => server.close());
});
