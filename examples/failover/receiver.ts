// Failover, the receiving end: checks that the numbered messages of one sender come in order and that none is missing.
// Its exit status says so.
//
//   node --import tsx examples/failover/receiver.ts OWN,OWN [PORT]
//   deno run --allow-ffi --allow-env examples/failover/receiver.ts OWN,OWN [PORT]
import process from "node:process";
import { createServer, type Message, type Socket } from "netsctp";

const [own, port = "7009"] = process.argv.slice(2);
if (!own) {
  console.error("usage: receiver.ts OWN,OWN [PORT], for instance: receiver.ts 10.99.0.2,10.99.1.2");
  process.exit(2);
}

function check(socket: Socket): void {
  console.log(`connected to ${socket.remoteAddresses.join(" and ")}`);
  let received = 0;
  let total: number | undefined;

  socket.on("data", (message: Message) => {
    const [word, number] = message.toString().split(" ");
    if (word === "end") total = Number(number);
    else if (Number(number) !== ++received) {
      socket.destroy(new Error(`message ${number} came where ${received} was due`));
    }
  });
  // This end sees its own paths to the sender fail and come back.
  socket.on("notification", ({ parsed }) => {
    if (parsed.type === "path-change") console.log(`path to ${parsed.address?.address}: ${parsed.state}`);
  });
  socket.on("error", (error) => console.error(error.message));
  socket.on("close", () => {
    console.log(`received ${received} of ${total ?? "?"} messages`);
    process.exitCode = received === total ? 0 : 1;
  });
}

// Every address that the peer may use. The peer learns all of them when it connects to one.
const options = { localAddresses: own.split(","), port };
const server = createServer({ keepAlive: true, keepAliveInitialDelay: 200 }, (socket) => {
  server.close(); // one sender is enough
  check(socket);
});
server.on("error", (error) => {
  console.error(`cannot listen: ${error.message}`);
  process.exitCode = 1;
});
server.listen(options, () => {
  const addresses = server.getLocalAddresses().map(({ address }) => address);
  console.log(`listening on ${addresses.join(" and ")}, port ${server.address()!.port}`);
});
