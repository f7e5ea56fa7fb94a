/** Errors look as Node's do. */
import { constants } from "node:os";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as errors from "../../core/errors.ts";

test("a system error has code, negative errno, syscall, address and port, and net's wording", () => {
  const error = errors.systemError("ECONNREFUSED", 111, "connect", { address: "127.0.0.1", port: 5 });
  assert.is(error.message, "connect ECONNREFUSED 127.0.0.1:5");
  const { code, errno, syscall, address, port } = error;
  assert.equal([code, errno, syscall, address, port], ["ECONNREFUSED", -111, "connect", "127.0.0.1", 5]);
});

test("what is not known is not there", () => {
  const error = errors.systemError("ECONNRESET", 104, "read");
  assert.is(error.message, "read ECONNRESET");
  assert.not.ok("address" in error);
  assert.not.ok("port" in error);
});

test("a detail follows; an IPv6 address stands before its port without brackets, as in net", () => {
  const of = (context: errors.SystemErrorContext) =>
    errors.systemError("ECONNREFUSED", 111, "connect", context);
  assert.is(of({ address: "::1", port: 5, detail: "why" }).message, "connect ECONNREFUSED ::1:5: why");
});

test("port 0 is none", () => {
  const error = errors.systemError("EADDRNOTAVAIL", 99, "bind", { address: "192.0.2.1", port: 0 });
  assert.is(error.message, "bind EADDRNOTAVAIL 192.0.2.1");
  assert.not.ok("port" in error);
});

test("what failed to listen has the meaning of its code, as in net", () => {
  const { EADDRINUSE } = constants.errno;
  const error = errors.systemError("EADDRINUSE", EADDRINUSE, "listen", {
    address: "::",
    port: 5,
    detail: "why",
  });
  assert.is(error.message, "listen EADDRINUSE: address already in use :::5: why");
  assert.is(errors.systemError("ENONE", 9999, "listen").message, "listen ENONE");
});

test("where a connection was to come from, if that was an address and a port", () => {
  const to = { address: "127.0.0.1", port: 5 };
  const local = { address: "127.0.0.2", port: 6 };
  const error = errors.systemError("ECONNREFUSED", 111, "connect", { ...to, local });
  assert.is(error.message, "connect ECONNREFUSED 127.0.0.1:5 - Local (127.0.0.2:6)");
  assert.equal([error.localAddress, error.localPort], ["127.0.0.2", 6]);
  const anyPort = errors.systemError("ECONNREFUSED", 111, "connect", { ...to, local: { ...local, port: 0 } });
  assert.is(anyPort.message, "connect ECONNREFUSED 127.0.0.1:5");
  assert.not.ok("localAddress" in anyPort);
});

test("errors that core/ finds itself carry the platform's number", () => {
  assert.is(errors.ownSystemError("EPIPE", "write").errno, -constants.errno.EPIPE);
});

test("misuse has Node's codes and classes", () => {
  const cases: Array<[Error, unknown, string]> = [
    [errors.invalidArgType("options.host", "of type string", 5), TypeError, "ERR_INVALID_ARG_TYPE"],
    [errors.invalidArgValue("options.fd", 5, "is not possible"), TypeError, "ERR_INVALID_ARG_VALUE"],
    [errors.outOfRange("data.sid", ">= 0 && <= 65535", 70000), RangeError, "ERR_OUT_OF_RANGE"],
    [errors.badPort("options.port", 70000), RangeError, "ERR_SOCKET_BAD_PORT"],
  ];
  for (const [error, family, code] of cases) {
    assert.instance(error, family);
    assert.is((error as NodeJS.ErrnoException).code, code);
  }
  assert.match(
    cases[0]![0].message,
    /The "options.host" property must be of type string\. Received type number \(5\)/,
  );
});

test("an SCTP condition carries its cause", () => {
  const cause = new Error("below");
  assert.is(errors.sctpError("ERR_SCTP_UNAVAILABLE", "above", cause).cause, cause);
});

test.run();
