// gen_layout.ts [--check]: core/shim/layout.gen.ts is what the C compiler says about the records in c/sctp_records.def.
import { execFileSync } from "node:child_process";
import { keepGenerated } from "./generated.ts";

execFileSync("make", ["-s", "-C", "c", "layout"], { stdio: ["ignore", "inherit", "inherit"] });
const layout = execFileSync("build/layout_dump", { encoding: "utf8" });
keepGenerated("core/shim/layout.gen.ts", layout, "c/sctp_records.def");
