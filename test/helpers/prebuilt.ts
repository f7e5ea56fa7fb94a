/** How programs for the other processors and C libraries are run here (tools/setup.sh has put the parts in place). */
import { resolve } from "node:path";

const NATIVE = resolve("build/native");
/** musl's loader is musl itself. */
const MUSL = {
  x64: `${NATIVE}/musl-amd64/lib/ld-musl-x86_64.so.1`,
  arm64: `${NATIVE}/musl-arm64/lib/ld-musl-aarch64.so.1`,
};

/** What to put in front of a program's command. */
export const RUN: Record<string, string[]> = {
  "linux-x64-glibc": [],
  "linux-x64-musl": [MUSL.x64],
  "linux-arm64-glibc": ["qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"],
  "linux-arm64-musl": ["qemu-aarch64", MUSL.arm64],
};

export const libraryOf = (stack: string, target: string) => resolve(`prebuilt/netsctp_${stack}-${target}.so`);
export const testsOf = (target: string) => `${NATIVE}/${target}/run_tests`;
