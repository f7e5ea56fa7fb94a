/** A socket begins where nobody listens; prints its error. */
import { connect } from "netsctp";

const socket = connect({ port: 7, host: "127.0.0.1", connectTimeout: 1000 });
console.log(`${socket.readyState} ${socket.stack} ${socket.connecting}`);
socket.on(
  "error",
  (error: Error & { code?: string }) => console.log(`client ${error.code} ${error.message}`),
);
socket.on("close", (hadError) => console.log(`closed ${hadError}`));
