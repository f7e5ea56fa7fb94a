// As ../in_guest.ts, for the runs of the tuning table.
import { readFileSync } from "node:fs";
import { release } from "node:os";
import process from "node:process";
import type { Session } from "../session.ts";
import { runTuning } from "./session.ts";

console.log(JSON.stringify({ kernel: release() }));
const session = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as Session;
await runTuning(session, (result) => console.log(JSON.stringify(result)));
