// What `npm run build:native` runs after set-up: the libraries of every platform into prebuilt/, and their table.
import { writeFileSync } from "node:fs";
import { make, TABLE, tableOf } from "./prebuilt.ts";

await make("prebuilt");
writeFileSync(TABLE, tableOf("prebuilt"));
