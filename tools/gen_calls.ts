// gen_calls.ts [--check]: c/shim/node_calls.gen.def is core/shim/symbols.ts in the words of c/shim/node_addon.c, which makes a function
// of JavaScript's of each. The compiler then says where the two differ from c/sctp_shim.h.
import { SYMBOLS } from "../core/shim/symbols.ts";
import { keepGenerated } from "./generated.ts";

const lines = Object.entries(SYMBOLS).map(([name, { parameters, result }]) => {
  const taken = parameters.map((kind, index) => `TAKE(${kind}, ${index})`).join("; ") || "(void)0";
  return `CALL(${[result, name, taken, ...parameters.map((_, index) => `a${index}`)].join(", ")})\n`;
});
keepGenerated(
  "c/shim/node_calls.gen.def",
  `/* Written from core/shim/symbols.ts by \`npm run format\`; not to be edited. */\n${lines.join("")}`,
  "core/shim/symbols.ts",
);
