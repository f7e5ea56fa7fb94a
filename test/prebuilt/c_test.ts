/** The prebuilt libraries under the C tests, as a program of each platform: a choice that reaches into every part. */
import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TARGETS } from "../../tools/prebuilt.ts";
import { skip, stack } from "../helpers/capabilities.ts";
import { libraryOf, RUN, testsOf } from "../helpers/prebuilt.ts";

const ANYWHERE = ["layout_hash_is_the_one_this_was_compiled_with", "stack_is_one_of_two", "error_names"];
const WITH_SOCKETS = [
  ...["echo_over_ipv4", "echo_over_ipv6", "ppid_is_host_order_on_the_wire", "batch_of_a_thousand"],
  ...["message_of_100_kilobytes", "full_buffer_then_writable", "refused", "port_taken", "several_addresses"],
  ...["loops_close_without_leaving_descriptors", "a_thread_that_ends_takes_its_loop_with_it"],
];

function run(target: string, names: string[]): void {
  const [file, ...args] = [...RUN[target]!, testsOf(target), libraryOf(stack, target), ...names];
  const { stdout, stderr, error } = spawnSync(file!, args, { encoding: "utf8", timeout: 120_000 });
  const output = `${stdout}${stderr}${error?.message ?? ""}`;
  // A name stands for every test that has it in its own.
  const [, passed] = /\n(\d+) passed, 0 failed(?:, \d+ skipped)?\n$/.exec(output) ?? [];
  assert.ok(Number(passed) >= names.length, output);
}

for (const target of TARGETS) {
  test(`${stack}, ${target}: it loads and answers`, () => run(target, ANYWHERE));

  const name = `${stack}, ${target}: two ends`;
  if (stack === "kernel" && RUN[target]![0] === "qemu-aarch64") {
    skip(name, "qemu-user passes no options of SCTP sockets");
  } else test(name, () => run(target, WITH_SOCKETS));
}

test.run();
