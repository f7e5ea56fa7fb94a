// What `npm run build:native` runs after set-up: the libraries of every platform into prebuilt/, and their table.
import { writeFileSync } from "node:fs";
import { build, TABLE, tableOf, TARGETS } from "./prebuilt.ts";

await build(TARGETS);
writeFileSync(TABLE, tableOf("prebuilt"));
