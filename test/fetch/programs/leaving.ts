/** A socket and a server that are given up while the library is being fetched; prints their events. */
import { connect, createServer } from "netsctp";

const client = connect({ port: 7, host: "127.0.0.1" });
client.on("error", (error) => console.log(`client ${error.message}`));
client.on("close", (hadError) => console.log(`client closed ${hadError}`));
client.destroy();

const server = createServer().listen(0, "127.0.0.1");
server.on("error", (error) => console.log(`server ${error.message}`));
server.on("listening", () => console.log("listening"));
server.on("close", () => console.log("server closed"));
server.close();

const aborted = connect({ port: 7, host: "127.0.0.1", signal: AbortSignal.abort() });
aborted.on("error", (error) => console.log(`aborted ${error.name}`));
