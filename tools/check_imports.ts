// check_imports.ts: which folder may know which, and a few words that must not appear. The tables are the rules.
import { readFileSync } from "node:fs";
import { dirname, normalize } from "node:path";
import ts from "typescript";
import { globSync } from "./glob.ts";
import { importsOf } from "./imports_of.ts";
import { typeScriptFiles } from "./sources.ts";
import { wordProblems } from "./word_rules.ts";

interface Rule {
  from: RegExp;
  /** What may be imported, as a path from the project's root or as a bare specifier. */
  may: RegExp;
  why: string;
  /** Types may come from anywhere: they are gone when the program runs. */
  typesAreFree?: true;
}

const TEST_TOOLS = "uvu|uvu/assert|node:.*|test/helpers/.*|tools/free_udp_port\\.ts";

const RULES: Rule[] = [
  {
    from: /^mod\.ts$/,
    may: /^(#runtime|core\/.*|node:net)$/,
    why: "mod.ts only binds the runtime to core, and hands on what net has for both",
    typesAreFree: true,
  },
  {
    from: /^core\//,
    may: /^(core\/.*|node:(async_hooks|events|stream|buffer|string_decoder|net|timers|dns|util|os|process))$/,
    why: "core knows no runtime, no files and no packages",
  },
  {
    from: /^core\/(errors|validate|exceptions|canonical_address|lksctp_names)\.ts$/,
    may:
      /^(core\/(errors|validate|exceptions|canonical_address|lksctp_names)\.ts|node:(net|os|util|buffer|string_decoder|process|timers))$/,
    why: "this is what all layers of core stand on",
    typesAreFree: true,
  },
  {
    from: /^core\/shim\//,
    may: /^(core\/(shim\/.*|errors\.ts|validate\.ts|exceptions\.ts)|node:.*)$/,
    why: "core/shim knows memory, loops and libraries, and nothing above them",
    typesAreFree: true,
  },
  {
    from: /^core\/notifications\//,
    may: /^(core\/(notifications\/.*|shim\/records\.ts)|node:buffer)$/,
    why: "notifications are data: no sockets, streams or timers",
    typesAreFree: true,
  },
  {
    from: /^core\/options\//,
    may: /^(core\/(options\/.*|shim\/records\.ts|errors\.ts|validate\.ts|lksctp_names\.ts)|node:(net|util))$/,
    why: "options are data: no sockets, streams or timers",
    typesAreFree: true,
  },
  {
    from: /^core\/association\//,
    may:
      /^(core\/(association|notifications|options|registry|shim|errors|validate|exceptions|canonical_address)(\/.*|\.ts)|node:.*)$/,
    why: "an association knows no stream above it",
    typesAreFree: true,
  },
  {
    from: /^core\/registry\//,
    may: /^$/,
    why: "registries are tables of names",
  },
  {
    from: /^(?!core\/shim\/)/,
    may: /^(?!core\/shim\/records\.gen\.ts$)/,
    why: "core/shim/records.ts is the door to it",
  },
  {
    from: /^cli\//,
    may: /^(mod\.ts|cli\/.*|deno\.json|commander|node:.*)$/,
    why: "the command line sees what a user sees: mod.ts",
  },
  {
    from: /^runtimes\//,
    may:
      /^(core\/(shim\/(native|symbols|records)|errors)\.ts|runtimes\/.*|bun:ffi|node:.*|@denosaurs\/plug)$/,
    why: "an adapter is a table over core/shim/native.ts and core/shim/symbols.ts",
  },
  {
    from: /^runtimes\/(?!detected|jsr)/,
    may: /^(?!runtimes\/(node|deno|bun|detected|jsr)\.ts$)/,
    why: "an adapter does not know the others",
  },
  { from: /^runtimes\/(?!bun)/, may: /^(?!bun:)/, why: "bun:ffi is for Bun" },
  {
    from: /^test\/unit\//,
    may: new RegExp(`^(core/.*|test/(unit/.*|fake_.*)|${TEST_TOOLS})$`),
    why: "unit tests need no runtime and no native code",
  },
  {
    from: /^test\/(socket|cross|peers)\//,
    may: new RegExp(`^(netsctp|test/(socket|cross|peers)/.*|${TEST_TOOLS})$`),
    why: "these see what a user sees: netsctp, and helpers",
  },
  {
    from: /^(bench(?!\/plots\.ts)|examples)\//,
    may: /^(netsctp|(bench|examples)\/.*|tools\/free_udp_port\.ts|node:.*)$/,
    why: "these see what a user sees: netsctp",
  },
  {
    from: /^bench\/plots\.ts$/,
    may: /^(vega|vega-lite|bench\/.*)$/,
    why: "plots know figures, and the plotter",
  },
];

/** Of these modules core/ may use no more than these names: the rest is the runtime's, or has state. */
const CORE_NAMES: Record<string, string[]> = {
  "node:async_hooks": ["AsyncResource"],
  "node:net": [
    ...["isIP", "isIPv4", "isIPv6", "BlockList", "SocketAddress"],
    ...["getDefaultAutoSelectFamily", "setDefaultAutoSelectFamily"],
    ...["getDefaultAutoSelectFamilyAttemptTimeout", "setDefaultAutoSelectFamilyAttemptTimeout"],
  ],
  "node:os": ["constants"],
  "node:process": ["emitWarning", "nextTick"],
};

/** C: which file may see which header. */
const C_RULES: Array<[header: RegExp, files: RegExp, why: string]> = [
  [/^(netinet|linux)\/sctp\.h$/, /kernel|^c\/test\//, "one stack's numbers stay in its own backend"],
  [/^usrsctp\.h$/, /usrsctp|userspace|^c\/(test|fuzz)\//, "one stack's numbers stay in its own backend"],
  [/^netinet\/sctp_/, /^c\/usrsctp\/inside\//, "usrsctp's internals stay in one folder"],
  [
    /^sys\/e(poll|ventfd)\.h$/,
    /^c\/(loop\/poller_epoll\.c$|test\/)/,
    "loop/poller.h hides how a system waits",
  ],
];

function resolve(file: string, specifier: string): string {
  return specifier.startsWith(".") ? normalize(`${dirname(file)}/${specifier}`) : specifier;
}

function importProblems(file: string, source: ts.SourceFile): string[] {
  return importsOf(source).flatMap(({ specifier, line, typeOnly, names }) => {
    const target = resolve(file, specifier);
    const broken = RULES.filter((rule) =>
      rule.from.test(file) && !rule.may.test(target) && !(rule.typesAreFree && typeOnly)
    );
    const problems = broken.map((rule) => `must not import ${specifier}: ${rule.why}`);
    const allowed = CORE_NAMES[specifier];
    if (file.startsWith("core/") && allowed && !typeOnly) {
      const others = names.filter((name) => !allowed.includes(name));
      if (names.length === 0 || others.length > 0) {
        problems.push(`of ${specifier} core may import only ${allowed.join(", ")}`);
      }
    }
    return problems.map((problem) => `${file}:${line}: ${problem}`);
  });
}

function includeProblems(file: string): string[] {
  const headers = [...readFileSync(file, "utf8").matchAll(/^\s*#\s*include\s*[<"]([^>"]+)/gm)].map((m) =>
    m[1]!
  );
  return headers.flatMap((header) =>
    C_RULES.filter(([rule, files]) => rule.test(header) && !files.test(file))
      .map(([, , why]) => `${file}: must not include ${header}: ${why}`)
  );
}

const problems = globSync("c", /\.[ch]$/).flatMap(includeProblems);
for (const file of typeScriptFiles("all")) {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  problems.push(...importProblems(file, source), ...wordProblems(file, source));
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
