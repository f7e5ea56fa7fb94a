/** On Deno the library is fetched where it is not on the machine, checked, and kept. */
import { Buffer } from "node:buffer";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FILE, library, Place, type Ran, sha256 } from "./place.ts";

/** Runs a body in a new place. */
function inPlace(name: string, body: (place: Place) => Promise<void>): void {
  test(name, async () => {
    const place = await Place.open();
    try {
      await body(place);
    } finally {
      await place.close();
    }
  });
}

const ECHOED = ["echo one userspace", "echo two userspace"];

function echoed({ code, lines, text }: Ran): void {
  assert.equal([code, lines.sort()], [0, ECHOED], text);
}

/** The one thing that went wrong, told by both servers. */
function failure({ code, lines, text }: Ran): string {
  assert.is(code, 0, text);
  assert.is(lines.length, 2, text);
  assert.is(lines[0], lines[1], text);
  return lines[0]!;
}

inPlace(
  "listen() and connect() fetch by themselves, once for all that begin at once, down to an echo",
  async (place) => {
    echoed(await place.run("echo"));
    assert.equal(place.requests, [FILE]);
    assert.equal(place.files, [FILE], "and nothing half-done beside it");
    assert.is(sha256(readFileSync(place.kept)), sha256(library));
  },
);

inPlace("what was fetched is kept: no request, and neither net nor write permission", async (place) => {
  echoed(await place.run("echo"));
  place.requests = [];
  echoed(await place.run("echo", { net: false, write: false }));
  assert.equal(place.requests, []);
});

inPlace("two processes at once: each has it, and nothing half-done is left", async (place) => {
  const both = await Promise.all([place.run("loading"), place.run("loading")]);
  for (const { lines, text } of both) assert.match(lines.at(-1)!, /"stack":"userspace"/, text);
  assert.equal(place.files, [FILE]);
});

inPlace("in a worker, too; Deno itself asks for --allow-read of its module", async (place) => {
  const ran = await place.run("in_worker", { read: `${place.folder},${resolve("test/fetch/programs")}` });
  echoed(ran);
  assert.equal(place.requests, [FILE]);
});

inPlace("a socket is connecting meanwhile, then tries", async (place) => {
  const { lines, text } = await place.run("connecting");
  assert.is(lines[0], "opening undefined true", text);
  assert.match(lines[1]!, /^client (ECONNREFUSED|ETIMEDOUT) /);
  assert.is(lines[2], "closed true");
});

inPlace("stackInfo() does not wait: it names loadLibrary(), after which it answers", async (place) => {
  const { lines, text } = await place.run("loading");
  assert.match(
    lines[0]!,
    /^ERR_SCTP_NO_LIBRARY The library of the userspace stack .* await loadLibrary\(\) first/,
    text,
  );
  assert.is(lines[1], lines[0], "counters() the same");
  const answer = '{"stack":"userspace","reason":"the option stack asks for it"}';
  assert.equal(lines.slice(2), [answer, answer, answer], text);
  assert.equal(place.requests, [FILE]);
});

inPlace("a socket and a server given up meanwhile end in silence", async (place) => {
  const { code, lines, text } = await place.run("leaving");
  assert.is(code, 0, text);
  assert.equal(lines.sort(), ["aborted AbortError", "client closed false", "server closed"], text);
});

inPlace(
  "another file than this version's: ERR_SCTP_CHECKSUM with both, and it is neither loaded nor kept",
  async (place) => {
    const other = Buffer.concat([library, Buffer.alloc(1)]); // the loader would not mind
    place.release.set(FILE, other);
    const said = failure(await place.run("echo"));
    assert.ok(said.startsWith(`server ERR_SCTP_CHECKSUM ${place.url} is not the library`), said);
    assert.ok(said.includes(`its SHA-256 is ${sha256(other)}, not ${sha256(library)}`), said);
    assert.equal(place.files, []);
    const { lines } = await place.run("connecting");
    assert.match(lines[1]!, /^client ERR_SCTP_CHECKSUM /);
    assert.is(lines[2], "closed true");
  },
);

inPlace("a broken file in the cache is fetched again", async (place) => {
  mkdirSync(dirname(place.kept), { recursive: true });
  writeFileSync(place.kept, library.subarray(0, 1000));
  echoed(await place.run("echo"));
  assert.equal(place.requests, [FILE]);
  assert.is(sha256(readFileSync(place.kept)), sha256(library));
});

inPlace(
  "a broken file in the cache, and none to be had: ERR_SCTP_FETCH, and it stays as it was",
  async (place) => {
    mkdirSync(dirname(place.kept), { recursive: true });
    writeFileSync(place.kept, "broken");
    place.release.clear();
    assert.match(failure(await place.run("echo")), /^server ERR_SCTP_FETCH /);
    assert.equal(place.files, [FILE]);
  },
);

inPlace("no such file there: ERR_SCTP_FETCH with the URL, the reason and a way without", async (place) => {
  place.release.clear();
  const said = failure(await place.run("echo"));
  assert.ok(said.startsWith(`server ERR_SCTP_FETCH ${place.url} could not be fetched: Could not find`), said);
  assert.match(said, /libraryPath or NETSCTP_LIBRARY names a directory that holds netsctp_userspace\.so$/);
  assert.equal(place.files, []);
});

inPlace("nobody there: ERR_SCTP_FETCH with what the connection met", async (place) => {
  const gone = await Place.open();
  const { host } = gone;
  await gone.close();
  const said = failure(await place.run("echo", { net: host }, { NETSCTP_LIBRARY_URL: `http://${host}` }));
  assert.ok(said.startsWith(`server ERR_SCTP_FETCH http://${host}/${FILE} could not be fetched: `), said);
  assert.match(said, /could not be fetched: .*client error \(Connect\)/);
});

inPlace("what could not be fetched is tried again by the next call: nothing is remembered", async (place) => {
  place.refusals = 1;
  const { lines, text } = await place.run("loading");
  assert.match(lines[2]!, /^ERR_SCTP_FETCH /, text);
  assert.match(lines[3]!, /"stack":"userspace"/, text);
  assert.equal(place.requests, [FILE, FILE]);
});

inPlace("the right file that is no library: ERR_SCTP_NO_LIBRARY with what the loader says", async (place) => {
  const text = Buffer.from("not a shared object");
  place.release.set(FILE, text);
  place.table.set(FILE, text);
  assert.match(
    failure(await place.run("echo")),
    /^server ERR_SCTP_NO_LIBRARY .* cannot be loaded: .*(file too short|ELF)/,
  );
});

inPlace(
  "no prebuilt library for this machine: ERR_SCTP_NO_LIBRARY says for which there are",
  async (place) => {
    place.table.clear();
    const said = failure(await place.run("echo"));
    assert.match(
      said,
      /^server ERR_SCTP_NO_LIBRARY There is no prebuilt library .*-linux-gnu: only for Linux on x64 and arm64/,
    );
    assert.equal(place.requests, []);
  },
);

inPlace("NETSCTP_LIBRARY is the only place where it is set: nothing is fetched", async (place) => {
  const env = "DENO_DIR,NETSCTP_LIBRARY_URL,NETSCTP_STACK,NETSCTP_UDP_PORT,NETSCTP_LIBRARY";
  const { lines, code } = await place.run("echo", { env }, { NETSCTP_LIBRARY: place.cache });
  assert.is.not(code, 0, "thrown by listen(), as where nothing can be fetched");
  assert.equal([lines, place.requests, existsSync(place.kept)], [[], [], false]);
});

// ---------------------------------------------------------------- what a refused permission says

const REFUSED = /^server ERR_SCTP_PERMISSION The library of the userspace stack may not be fetched: /;

for (const name of ["net", "read", "write"] as const) {
  inPlace(`without --allow-${name}: ERR_SCTP_PERMISSION that names it`, async (place) => {
    const said = failure(await place.run("echo", { [name]: false }));
    assert.match(said, REFUSED);
    assert.match(said, new RegExp(`Requires ${name} access to .*--allow-${name}`));
    assert.equal(place.files, []);
  });
}

inPlace("a release that redirects: the other host must be allowed, too, and is named", async (place) => {
  place.redirectsTo = place.host.replace("127.0.0.1", "localhost");
  const said = failure(await place.run("echo"));
  assert.match(said, REFUSED);
  assert.ok(said.includes(`Requires net access to "${place.redirectsTo}"`), said);
  echoed(await place.run("echo", { net: `${place.host},${place.redirectsTo}` }));
});

inPlace("HOME alone tells where the cache is", async (place) => {
  echoed(await place.run("echo", { env: "HOME,NETSCTP_LIBRARY_URL,NETSCTP_STACK,NETSCTP_UDP_PORT" }));
  assert.equal(place.files, [FILE]);
});

inPlace("without --allow-ffi: ERR_SCTP_PERMISSION that names it, with the folder", async (place) => {
  const said = failure(await place.run("echo", { ffi: false }));
  assert.is(
    said,
    `server ERR_SCTP_PERMISSION ${place.kept} may not be loaded: run Deno with --allow-ffi=${
      dirname(place.kept)
    }`,
  );
});

inPlace(
  "without --allow-env: ERR_SCTP_PERMISSION that names the variables which tell the cache",
  async (place) => {
    const said = failure(await place.run("echo", { env: "NETSCTP_STACK" }));
    assert.match(said, REFUSED);
    assert.match(said, /--allow-env=DENO_DIR,XDG_CACHE_HOME,HOME/);
  },
);

test.run();
