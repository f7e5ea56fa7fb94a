/** Which stack is chosen, and what is said when none can be. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sctpError } from "../../core/errors.ts";
import type { Stack } from "../../core/shim/native.ts";
import { type NumberedOption, OPTION } from "../../core/shim/records.ts";
import { type StackChoice, Stacks } from "../../core/shim/stacks.ts";
import { fakeRuntime, type FakeStack } from "./fake_runtime.ts";

const WORKS: FakeStack = {};
const NO_MODULE: FakeStack = { probe: -93, explanation: "the kernel has no SCTP: try modprobe sctp" };

function failure(choose: () => unknown): { code: string; message: string } {
  try {
    choose();
  } catch (error) {
    return error as { code: string; message: string };
  }
  assert.unreachable("it should have thrown");
  throw new Error();
}

test("auto takes the kernel's where it works, silently", () => {
  const runtime = fakeRuntime({ kernel: WORKS, userspace: WORKS });
  assert.is(new Stacks(runtime).choose().stack, "kernel");
  assert.equal(runtime.warnings, []);
});

test("auto takes userspace where the kernel has none, with one warning that says how to get the kernel's", () => {
  const runtime = fakeRuntime({ kernel: NO_MODULE, userspace: WORKS });
  const stacks = new Stacks(runtime);
  assert.is(stacks.choose().stack, "userspace");
  assert.is(stacks.choose("auto").stack, "userspace");
  assert.is(runtime.warnings.length, 1);
  assert.is(runtime.warnings[0]!.code, "NETSCTP_USERSPACE");
  assert.match(runtime.warnings[0]!.message, /the kernel has no SCTP.*modprobe sctp/);
});

test("a stack that was asked for and is not there: ERR_SCTP_UNAVAILABLE with cause and cure", () => {
  const stacks = new Stacks(fakeRuntime({ kernel: NO_MODULE, userspace: WORKS }));
  const error = failure(() => stacks.choose("kernel"));
  assert.is(error.code, "ERR_SCTP_UNAVAILABLE");
  assert.match(error.message, /the kernel has no SCTP.*modprobe sctp.*NETSCTP_STACK=userspace/);
});

test("a stack that works is probed once, one that does not each time: it may be repaired meanwhile", () => {
  const results = [-93, 0, -93];
  const probe = () => results.shift()!;
  const stacks = new Stacks(fakeRuntime({ kernel: { calls: { probe } } }));
  assert.is(failure(() => stacks.choose("kernel")).code, "ERR_SCTP_UNAVAILABLE");
  for (let i = 0; i < 3; i++) assert.is(stacks.choose("kernel").stack, "kernel");
  assert.equal(results, [-93]);
});

test("for want of a descriptor no stack is chosen, not even by auto: EMFILE, and the next call tries again", () => {
  const results = [-24, -24, -23, 0];
  const probe = () => results.shift()!;
  const named = (out: Uint8Array, name: string) => new TextEncoder().encodeInto(name, out).written;
  const calls: FakeStack["calls"] = {
    probe,
    error_name: (errno, out) => named(out, errno === 24 ? "EMFILE" : "ENFILE"),
  };
  const runtime = fakeRuntime({ kernel: { calls }, userspace: WORKS });
  const stacks = new Stacks(runtime);
  assert.is(failure(() => stacks.choose("kernel")).code, "EMFILE");
  const error = failure(() => stacks.choose()) as NodeJS.ErrnoException;
  assert.equal([error.code, error.errno, error.syscall], ["EMFILE", -24, "socket"]);
  assert.is(failure(() => stacks.choose()).code, "ENFILE");
  assert.is(stacks.choose().stack, "kernel");
  assert.equal(runtime.warnings, []);
});

test("no stack at all: both causes are named", () => {
  const stacks = new Stacks(
    fakeRuntime({ kernel: NO_MODULE, userspace: { probe: -1, explanation: "no UDP" } }),
  );
  const error = failure(() => stacks.choose());
  assert.is(error.code, "ERR_SCTP_UNAVAILABLE");
  assert.match(error.message, /the kernel has no SCTP.*no UDP/);
});

test("the environment decides where no option does, and the option goes before it", () => {
  const runtime = fakeRuntime({ kernel: WORKS, userspace: WORKS }, { NETSCTP_STACK: "userspace" });
  const stacks = new Stacks(runtime);
  assert.equal(stacks.choose(), { stack: "userspace", reason: "NETSCTP_STACK asks for it" });
  assert.is(stacks.choose("kernel").stack, "kernel");
  assert.equal(runtime.warnings, [], "it was asked for: nothing to warn of");
});

test("words that are no stack are refused, from the option and from the environment", () => {
  const runtime = fakeRuntime({ kernel: WORKS }, { NETSCTP_STACK: "fast" });
  assert.is(failure(() => new Stacks(runtime).choose()).code, "ERR_INVALID_ARG_VALUE");
  const choice = "raw" as StackChoice;
  assert.is(failure(() => new Stacks(fakeRuntime({})).choose(choice)).code, "ERR_INVALID_ARG_VALUE");
});

test("a library of another version is refused with both layouts and what to type", () => {
  const stacks = new Stacks(fakeRuntime({ kernel: { layoutHash: 0xbad } }));
  const error = failure(() => stacks.choose("kernel"));
  assert.is(error.code, "ERR_SCTP_LIBRARY_MISMATCH");
  assert.match(error.message, /fake_kernel\.so .*bad.*npm run build/);
});

test("a library that cannot be loaded says so itself", () => {
  const loadError = sctpError("ERR_SCTP_NO_LIBRARY", "not built");
  const stacks = new Stacks(fakeRuntime({ userspace: { loadError } }));
  assert.is(failure(() => stacks.choose("userspace")), loadError);
});

const { LOCAL_UDP_PORT, REMOTE_UDP_PORT, SEND_BUFFER, RECEIVE_BUFFER } = OPTION;

test("NETSCTP_UDP_PORT is for the userspace stack, gives way to an option, and must be a port", () => {
  const options = (text: string, stack: Stack = "userspace", asked: NumberedOption[] = []) =>
    new Stacks(fakeRuntime({}, { NETSCTP_UDP_PORT: text })).socketOptions(stack, LOCAL_UDP_PORT, asked);
  assert.equal(options("9900"), [[LOCAL_UDP_PORT, 9900]]);
  const both = options("9900", "userspace", [[LOCAL_UDP_PORT, 9901]]);
  assert.equal(both, [[LOCAL_UDP_PORT, 9900], [LOCAL_UDP_PORT, 9901]], "the later one counts");
  assert.equal(options("0"), [[LOCAL_UDP_PORT, 0]]);
  assert.equal(options(""), []);
  assert.equal(options("9900", "kernel").map(([name]) => name), [SEND_BUFFER, RECEIVE_BUFFER]);
  const given = options("", "kernel", [[LOCAL_UDP_PORT, 0], [REMOTE_UDP_PORT, 9901]]);
  assert.equal(given.slice(2), [[REMOTE_UDP_PORT, 9901]], "0 is a choice of the userspace stack's");
  for (const bad of ["-1", "65536", "port", "1.5"]) {
    assert.is(failure(() => options(bad)).code, "ERR_SCTP_BAD_ENVIRONMENT", bad);
  }
});

test.run();
