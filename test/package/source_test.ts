/** Where no prebuilt library fits: the error says what to type, and that builds one from the package's own sources. */
import { execSync } from "node:child_process";
import { rmSync } from "node:fs";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pack, Project } from "../helpers/installed.ts";

test("one command builds the libraries, and they are what is loaded then", () => {
  const project = new Project(process.execPath).install(pack());
  const inPackage = (...parts: string[]) => project.path("node_modules/netsctp", ...parts);
  rmSync(inPackage("prebuilt"), { recursive: true });

  const { status, output } = project.run("node", "echo.mjs");
  assert.is(status, 1);
  assert.match(output, /ERR_SCTP_NO_LIBRARY/);
  const prebuilt = `prebuilt/netsctp_userspace-linux-${process.arch}-glibc.so`;
  for (const tried of ["build/netsctp_userspace.so", prebuilt]) {
    assert.ok(output.includes(`${inPackage(tried)}: `), output);
  }

  const [, command] = /Build it \((.*?)\)/.exec(output)!;
  assert.is(command, `make -C ${inPackage("c")}`);
  execSync(command!, { stdio: ["ignore", "ignore", "inherit"] });
  assert.is(project.succeeds("node", "echo.mjs"), "hello 3 46\n");
});

test.run();
