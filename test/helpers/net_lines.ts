// A program that prints what Node's own net does in each script, for the runtimes whose net is another one.
import net from "node:net";
import process from "node:process";
import { linesOf, SCRIPTS } from "./net_scripts.ts";

const lines: Record<string, string[]> = {};
for (const [name, script] of Object.entries(SCRIPTS)) lines[name] = await linesOf(net, script);
process.stdout.write(JSON.stringify(lines));
