/** Where a library comes from: the directory that was named, this machine, or the net; and that there is one of each. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sctpError } from "../../core/errors.ts";
import { Loop } from "../../core/shim/loop.ts";
import { createNet } from "../../core/net/bind.ts";
import { type Opening, Stacks } from "../../core/shim/stacks.ts";
import { fakeRuntime, type FakeStack } from "./fake_runtime.ts";

const WORKS: FakeStack = {};
const NO_MODULE: FakeStack = { probe: -93, explanation: "the kernel has no SCTP" };
const nowhere = sctpError("ERR_SCTP_NO_LIBRARY", "no such file");

interface Failure {
  code: string;
  message: string;
}

async function failure(act: () => unknown): Promise<Failure> {
  try {
    await act();
  } catch (error) {
    return error as Failure;
  }
  assert.unreachable("it should have failed");
  throw new Error();
}

test("libraryPath goes before NETSCTP_LIBRARY, and that before the package's own place", async () => {
  const asked = async (environment: Record<string, string>, libraryPath?: string) => {
    const runtime = fakeRuntime({ kernel: WORKS }, environment);
    const info = await createNet(runtime).loadLibrary({ stack: "kernel", libraryPath });
    assert.is(info.stack, "kernel");
    return runtime.asked;
  };
  assert.equal(await asked({}), ["load kernel build"]);
  assert.equal(await asked({ NETSCTP_LIBRARY: "/env" }), ["load kernel /env"]);
  assert.equal(await asked({ NETSCTP_LIBRARY: "/env" }, "/option"), ["load kernel /option"]);
});

test("connect(), createServer() and loadLibrary() take it; a wrong one is refused", async () => {
  const runtime = fakeRuntime({ kernel: { calls: { connect: () => 1 } } });
  const { connect, Server, loadLibrary } = createNet(runtime);
  connect([{ port: 7, host: "127.0.0.1", stack: "kernel", libraryPath: "/a" }]).destroy();
  new Server({ stack: "kernel", libraryPath: "/a/" }).listen(0).close(); // the same, for all its slash
  assert.equal(runtime.asked, ["load kernel /a"], "it is loaded once");
  const libraryPath = 1 as unknown as string;
  for (const act of [() => connect([{ port: 7, libraryPath }]), () => new Server({ libraryPath })]) {
    assert.is((await failure(act)).code, "ERR_INVALID_ARG_TYPE");
  }
  assert.is((await failure(() => loadLibrary({ libraryPath }))).code, "ERR_INVALID_ARG_TYPE");
  assert.is((await failure(() => loadLibrary("/a" as never))).code, "ERR_INVALID_ARG_TYPE");
});

test("another directory, when it is loaded: ERR_SCTP_LIBRARY_LOADED with both and what to do", async () => {
  const { loadLibrary, connect } = createNet(fakeRuntime({ kernel: WORKS }));
  await loadLibrary({ stack: "kernel", libraryPath: "/a" });
  const { code, message } = await failure(() => loadLibrary({ stack: "kernel", libraryPath: "/b" }));
  assert.is(code, "ERR_SCTP_LIBRARY_LOADED");
  assert.match(
    message,
    /kernel stack is loaded already, from \/a\/fake_kernel\.so.*'\/b'.*loadLibrary\(\) before/,
  );
  for (const stack of ["kernel", "auto"] as const) {
    const thrown = await failure(() => connect([{ port: 7, stack, libraryPath: "/b" }]));
    assert.is(thrown.code, "ERR_SCTP_LIBRARY_LOADED", stack);
  }
  assert.is((await loadLibrary({ libraryPath: "/a" })).stack, "kernel", "auto, from the same");
});

test("a directory that had none may be followed by another", async () => {
  const stacks = { kernel: { loadError: nowhere } as FakeStack };
  const { loadLibrary } = createNet(fakeRuntime(stacks));
  assert.is(
    (await failure(() => loadLibrary({ stack: "kernel", libraryPath: "/a" }))).code,
    "ERR_SCTP_NO_LIBRARY",
  );
  delete stacks.kernel.loadError;
  assert.is((await loadLibrary({ stack: "kernel", libraryPath: "/b" })).stack, "kernel");
});

test("where a runtime does not fetch, what load() says is what is said", async () => {
  const net = createNet(fakeRuntime({ kernel: { loadError: nowhere } }));
  assert.is(await failure(() => net.loadLibrary({ stack: "kernel" })), nowhere);
  assert.is(await failure(() => net.connect([{ port: 7, stack: "kernel" }])), nowhere);
});

test("auto fetches the kernel's, and userspace's only where the kernel's cannot serve", async () => {
  const auto = async (kernel: FakeStack) => {
    const runtime = fakeRuntime({
      kernel: { loadError: nowhere, fetched: kernel },
      userspace: { loadError: nowhere, fetched: WORKS },
    });
    const { stack } = await new Stacks(runtime).prepare();
    return [stack, ...runtime.asked.filter((what) => what.startsWith("fetch")), runtime.warnings.length];
  };
  assert.equal(await auto(WORKS), ["kernel", "fetch kernel", 0]);
  assert.equal(await auto(NO_MODULE), ["userspace", "fetch kernel", "fetch userspace", 1]);
});

/** The loop, when it is open. */
const opened = (opening: Opening) => new Promise<Loop>((resolve, reject) => opening(resolve, reject));

test("what is here is not fetched, and open at once", () => {
  const runtime = fakeRuntime({ kernel: { ...WORKS, fetched: WORKS } });
  let loop: Loop | undefined;
  new Stacks(runtime).open("kernel")((open) => void (loop = open), assert.unreachable);
  assert.instance(loop, Loop);
  assert.equal(runtime.asked, ["load kernel build"]);
});

test("several at once wait for one fetch and get one loop", async () => {
  const runtime = fakeRuntime({ userspace: { loadError: nowhere, fetched: WORKS } });
  const stacks = new Stacks(runtime);
  const openings = [stacks.open("userspace"), stacks.open("userspace")];
  let isOpen = false;
  openings[0]!(() => void (isOpen = true), assert.unreachable);
  assert.not.ok(isOpen, "during the call");
  const [one, two] = await Promise.all(openings.map(opened));
  assert.is(one, two);
  assert.is(runtime.asked.filter((what) => what === "fetch userspace").length, 1);
});

test("a failed fetch reaches all who wait, and is tried again by who comes later", async () => {
  const script: FakeStack = { loadError: nowhere, fetched: sctpError("ERR_SCTP_FETCH", "no net") };
  const stacks = new Stacks(fakeRuntime({ userspace: script }));
  const tries = [1, 2].map(() => failure(() => stacks.prepare("userspace")));
  for (const { code } of await Promise.all(tries)) assert.is(code, "ERR_SCTP_FETCH");
  script.fetched = WORKS;
  assert.is((await stacks.prepare("userspace")).stack, "userspace");
});

test("a directory that was named is the only place: nothing is fetched", async () => {
  const runtime = fakeRuntime({ userspace: { loadError: nowhere, fetched: WORKS } }, {
    NETSCTP_LIBRARY: "/env",
  });
  const net = createNet(runtime);
  assert.is(await failure(() => net.loadLibrary({ stack: "userspace" })), nowhere);
  assert.is(await failure(() => net.loadLibrary({ stack: "userspace", libraryPath: "/b" })), nowhere);
  assert.equal(runtime.asked, ["load userspace /env", "load userspace /b"]);
});

test("a fetched library of another version is refused, to each who asks", async () => {
  const net = createNet(fakeRuntime({ userspace: { loadError: nowhere, fetched: { layoutHash: 0xbad } } }));
  for (let i = 0; i < 2; i++) {
    assert.is(
      (await failure(() => net.loadLibrary({ stack: "userspace" }))).code,
      "ERR_SCTP_LIBRARY_MISMATCH",
    );
  }
});

test("a library under the name of the other stack's is refused", async () => {
  for (const stack of ["kernel", "userspace"] as const) {
    const of = stack === "kernel" ? "userspace" : "kernel";
    const net = createNet(fakeRuntime({ [stack]: { of } }));
    const { code, message } = await failure(() => net.loadLibrary({ stack, libraryPath: "/a" }));
    assert.is(code, "ERR_SCTP_LIBRARY_MISMATCH");
    assert.match(message, `/a/fake_${stack}.so is the library of the ${of} stack, not of ${stack}`);
  }
});

test("a fetch that ends when another library serves leaves that one in place", async () => {
  const script: FakeStack = { loadError: nowhere, fetched: WORKS };
  const { loadLibrary, connect } = createNet(fakeRuntime({ kernel: script }));
  const fetching = loadLibrary({ stack: "kernel" });
  delete script.loadError;
  const useNamed = () =>
    connect([{ port: 7, host: "127.0.0.1", stack: "kernel", libraryPath: "/a" }]).destroy();
  useNamed();
  await fetching;
  useNamed(); // would throw ERR_SCTP_LIBRARY_LOADED
});

test("a variable that cannot be is an 'error' event of who had to wait", async () => {
  const script: FakeStack = { loadError: nowhere, fetched: WORKS };
  const { connect, Server } = createNet(fakeRuntime({ userspace: script }, { NETSCTP_UDP_PORT: "none" }));
  const ofSocket = connect([{ port: 7, host: "127.0.0.1", stack: "userspace" }]);
  const ofServer = new Server({ stack: "userspace" }).listen(0, "127.0.0.1");
  const errors = [ofSocket, ofServer].map((one) => failure(() => once(one, "ready")));
  for (const { code } of await Promise.all(errors)) assert.is(code, "ERR_SCTP_BAD_ENVIRONMENT");
});

test("a server that has to wait holds its place, and keeps the process alive from then on", async () => {
  const runtime = fakeRuntime({ userspace: { loadError: nowhere, fetched: WORKS } });
  const server = new (createNet(runtime).Server)({ stack: "userspace" }).listen(0, "127.0.0.1");
  assert.equal([server.listening, server.address(), server.stack, runtime.refs], [
    false,
    null,
    undefined,
    [],
  ]);
  assert.is((await failure(() => server.listen(0))).code, "ERR_SERVER_ALREADY_LISTEN");
  while (server.stack === undefined) await Promise.resolve();
  assert.equal(runtime.refs, [true]);
  server.close();
  await once(server, "close");
  assert.equal(runtime.refs, [true, false]);
});

test("a server whose library cannot be had may listen again; one closed meanwhile never listens", async () => {
  const script: FakeStack = { loadError: nowhere, fetched: sctpError("ERR_SCTP_FETCH", "no net") };
  const runtime = fakeRuntime({ userspace: script });
  const server = new (createNet(runtime).Server)({ stack: "userspace" }).listen(0, "127.0.0.1");
  assert.is((await failure(() => once(server, "listening"))).code, "ERR_SCTP_FETCH");
  script.fetched = WORKS;
  server.unref().listen(0, "127.0.0.1").close();
  await once(server, "close");
  assert.equal([server.stack, runtime.refs], [undefined, []]);
});

test.run();
