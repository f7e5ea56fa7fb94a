// check_prebuilt.ts: whether the table of prebuilt libraries is of these sources and this version. Whether the bytes
// are what these sources give takes compilers: test/prebuilt looks.
import { readFileSync } from "node:fs";
import { read, sourcesHash, TABLE, version } from "./prebuilt.ts";

const table = read(readFileSync(TABLE, "utf8"));
const stale = table.sources !== sourcesHash()
  ? "what is in c/ has changed since"
  : table.version !== version()
  ? `it is of version ${table.version}, and this is ${version()}`
  : undefined;
if (stale) {
  console.error(`${TABLE}: ${stale}`);
  process.exitCode = 1;
}
