// Sends much, ends, and is gone: by process.exit() in the callback of end(), or since nothing is left to do. Or it does not
// end, and is gone once the server says that it has all: by process.exit(), or by an exception. Its arguments: the
// server's port, that way, and whether messages of the server wait unread then.
import { Buffer } from "node:buffer";
import { once } from "node:events";
import process from "node:process";
import { connect } from "netsctp";

const [, , port, way, isUnread] = process.argv;
const socket = connect(Number(port), "127.0.0.1").pause();
await once(socket, "connect");
if (isUnread === "unread") { // the server says so on another association, once all has come
  const other = connect(Number(port), "127.0.0.1");
  await once(other, "data");
  other.destroy();
}
for (let i = 0; i < 40; i++) socket.write(Buffer.alloc(1000, i));
if (way?.endsWith("without end()")) {
  await once(socket.resume(), "data");
  if (way.startsWith("process.exit()")) process.exit(0);
  throw new Error("nobody catches this");
}
socket.end(() => {
  if (way === "process.exit()") process.exit(0);
});
