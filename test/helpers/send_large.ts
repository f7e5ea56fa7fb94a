// `send_large.ts HOST PORT MIB`: sends one message of that size and tells how its socket ended, in a process of its
// own, so that what it needs for that is not counted with what the receiver needs.
import { Buffer } from "node:buffer";
import process from "node:process";
import { connect } from "netsctp";

const [host, port, mib] = process.argv.slice(2);
const socket = connect({ host: host!, port: Number(port) });
socket.on("error", (error: NodeJS.ErrnoException) => console.log(`error ${error.code}`));
socket.on("close", () => console.log("close"));
socket.write(Buffer.alloc(Number(mib) * 2 ** 20, 1));
