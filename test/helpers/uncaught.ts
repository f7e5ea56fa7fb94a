// A program with traffic under way that ends by an exception which nobody catches.
import { connect, createServer } from "netsctp";
import { payload } from "./messages.ts";

const server = createServer({ maxMessageSize: 100_000 });
server.listen(0, "127.0.0.1", () => {
  const client = connect(server.address()!.port, "127.0.0.1");
  client.on("error", () => {});
  client.write(payload(1_000_000)); // fails the other end, which has no listener of 'error'
});
