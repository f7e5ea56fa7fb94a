// Prints the library's file that is loaded.
import { readFileSync } from "node:fs";
import { stackInfo } from "netsctp";

stackInfo("userspace");
console.log(/\bnetsctp_\S+\.so/.exec(readFileSync("/proc/self/maps", "latin1"))[0]);
