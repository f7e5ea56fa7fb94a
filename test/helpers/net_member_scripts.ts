/** Scripts for like_net_test.ts about single members: what they take, what they give, what becomes of callbacks. */
import { once } from "node:events";
import type net from "node:net";
import process from "node:process";
import { type Any, type Notes, type Script, seen, turns } from "./like_net.ts";

const SOCKET_GETTERS = [
  ...["connecting", "pending", "readyState", "bytesRead", "bytesWritten", "bufferSize", "readableEncoding"],
  ...["remoteAddress", "remotePort", "remoteFamily", "localAddress", "localPort", "localFamily"],
  ...["autoSelectFamilyAttemptedAddresses", "readable", "writable", "destroyed", "closed"],
];

const LONGEST_MS = 2 ** 31 - 1;

/** The warnings that come meanwhile. */
async function warnings(call: () => unknown): Promise<Error[]> {
  const got: Error[] = [];
  const onWarning = (warning: Error) => void got.push(warning);
  process.on("warning", onWarning);
  await call();
  await turns(3);
  process.off("warning", onWarning);
  return got;
}

function noteTooLong(notes: Notes, found: Error[], ms: number): void {
  const message =
    `${ms} does not fit into a 32-bit signed integer.\nTimer duration was truncated to ${LONGEST_MS}.`;
  notes.add(
    found.filter(({ name }) => name === "TimeoutOverflowWarning").map((one) => one.message === message),
  );
}

/** The scripts by the names of their tests. */
export const MEMBERS: Record<string, Script> = {
  "setEncoding()": async (notes) => {
    const { client } = await notes.pair();
    notes.add(client.readableEncoding);
    const encodings = [
      undefined,
      null,
      "",
      "UTF-8",
      "utf8",
      "Binary",
      "ASCII",
      "ucs2",
      "UCS-2",
      "HEX",
      "base64url",
    ];
    for (const encoding of [...encodings, "x", "buffer", 5, false]) {
      notes.attempt(String(encoding), () => client.setEncoding(encoding as Any) === client);
      notes.add(client.readableEncoding);
    }
  },
  "setEncoding(null)": async (notes) => {
    const { client, peer } = await notes.pair();
    client.setEncoding(null as Any);
    peer.write("größer");
    notes.add(...await once(client, "data"));
  },
  "getters of the prototypes": (notes) => {
    const { Socket, Server } = notes.api;
    for (const name of SOCKET_GETTERS) notes.attempt(name, () => (Socket.prototype as Any)[name]);
    notes.attempt("listening", () => Server.prototype.listening);
  },
  "getters through a Proxy and of Object.create()": async (notes) => {
    const { server, client } = await notes.pair();
    client.setEncoding("utf8");
    for (const through of [(of: Any) => new Proxy(of, {}), Object.create]) {
      for (const name of SOCKET_GETTERS) {
        const isSame = () => JSON.stringify(through(client)[name]) === JSON.stringify((client as Any)[name]);
        notes.attempt(name, isSame);
      }
      notes.attempt("listening", () => through(server).listening);
    }
  },
  "the callback of close()": async (notes) => {
    const { server } = await notes.server();
    const callback = function (this: unknown, ...values: unknown[]) {
      notes.add("close", this === server, values);
    };
    server.close(callback);
    notes.add(server.listeners("close").includes(callback));
    await turns(3);
    server.close(callback);
    notes.add(server.listeners("close").includes(callback));
    await once(server, "close");
    notes.add(server.listenerCount("close"));
  },
  "the callback of close(), taken off": async (notes) => {
    const { server, client, peer } = await notes.pair();
    const callback = () => notes.add("called");
    server.close(callback).off("close", callback);
    peer.resume();
    client.resume().end();
    await once(server, "close");
    notes.add("closed");
  },
  "close() of a server with what is no function": async (notes) => {
    for (const callback of ["x", null, undefined, 5, {}]) {
      const { server } = await notes.server();
      notes.attempt(String(callback), () => server.close(callback as Any) === server);
      notes.add(server.listenerCount("close"));
      await once(server, "close");
    }
  },
  "the callback of listen() is called once": async (notes) => {
    const server = notes.own(notes.api.createServer());
    for (let i = 0; i < 2; i++) {
      server.listen(0, "127.0.0.1", () => {
        notes.add("listening", server.listenerCount("listening"));
        server.close();
      });
      await once(server, "close");
    }
    notes.add(server.listenerCount("listening"));
  },
  "a time-out beyond what a timer can be set to": async (notes) => {
    const { client, port } = await notes.pair();
    for (const ms of [LONGEST_MS, 2 ** 31, 1e12]) {
      noteTooLong(notes, await warnings(() => client.setTimeout(ms)), ms);
      notes.add(client.timeout === ms);
    }
    let other: net.Socket | undefined;
    const found = await warnings(() => {
      other = notes.own(notes.api.connect({ port, host: "127.0.0.1", timeout: 2 ** 31 }));
      return once(other, "connect");
    });
    noteTooLong(notes, found, 2 ** 31);
    notes.add(other!.timeout === 2 ** 31);
  },
  "destroy() within 'error', twice": async (notes) => {
    const { server, port } = await notes.server();
    server.close();
    await once(server, "close");
    const client = notes.watch(notes.api.connect(port, "127.0.0.1"), "client", ["error", "close"]);
    client.once("error", () => {
      client.destroy();
      client.destroy(new Error("of the listener"));
    });
    await seen(client, "close");
    await turns(3);
  },
};
