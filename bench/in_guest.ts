// The bench's half inside the guest: makes the runs of the file named and prints each result as a line of JSON.
import { readFileSync } from "node:fs";
import { release } from "node:os";
import process from "node:process";
import { runHere, type Session } from "./session.ts";

console.log(JSON.stringify({ kernel: release() }));
const session = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as Session;
await runHere(session, (result) => console.log(JSON.stringify(result)));
