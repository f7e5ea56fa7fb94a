// A program for node-lksctp, as it was before: a server, and a client that asks it for two things and prints the answers.
// To see it run without node-lksctp, let its name mean netsctp: npm install lksctp@npm:netsctp. See ../README.md.
//
//   node before.cjs [PORT]
const sctp = require("lksctp");

const server = sctp.createServer({ MIS: 10, OS: 10 }, (socket) => {
  socket.on("data", (data) => {
    const answer = Buffer.from(`${data} answered`);
    answer.sid = data.sid;
    answer.ppid = data.ppid;
    socket.write(answer);
  });
});

server.listen({ host: "127.0.0.1", port: Number(process.argv[2] ?? 3868) }, () => {
  const { port } = server.address();
  const socket = sctp.connect({ host: "127.0.0.1", port, MIS: 10, OS: 10 });

  socket.on("connect", () => {
    const first = Buffer.from("first request");
    first.sid = 1;
    first.ppid = 46;
    socket.write(first);
    const second = Buffer.from("second request");
    second.sid = 1;
    second.ppid = 46;
    socket.write(second);
  });

  let answers = 0;
  socket.on("data", (data) => {
    console.log(`stream ${data.sid}, identifier ${data.ppid}: ${data}`);
    if (++answers === 2) socket.end();
  });

  socket.on("notification", ({ interpreted }) => {
    if (interpreted) console.log(interpreted);
  });
  socket.on("error", (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  socket.on("close", () => server.close());
});
