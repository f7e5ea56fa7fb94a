// check_docs.ts: docs/api.md has every public name, docs/net-differences.md every member of the running Node's `net`,
// docs/errors.md every code; docs/diagrams/association-life.dot the moves of core/association/lifecycle.ts;
// c/usrsctp/inside/README.md the functions of usrsctp that are replaced.
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import net from "node:net";
import ts from "typescript";
import { globSync } from "./glob.ts";
import { Markdown } from "./markdown.ts";

const api = new Markdown("docs/api.md");
const problems: string[] = [];
const want = (isThere: boolean, file: string, what: string) => {
  if (!isThere) problems.push(`${file}: ${what} is missing`);
};

// ------------------------------------------------------- the API, as the compiler sees it

const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ".");
const program = ts.createProgram(["mod.ts"], options);
const checker = program.getTypeChecker();
const isOurs = (symbol: ts.Symbol) =>
  symbol.declarations?.some((one) => !one.getSourceFile().fileName.includes("/node_modules/")) ?? false;
/** No underscore, no #private name, no symbol. */
const isPublic = (name: string) => /^[a-z]/i.test(name);

/** The words a reader would look for: the literals of a union, and the properties that the type itself declares. */
function wordsOf(symbol: ts.Symbol): string[] {
  if (symbol.flags & ts.SymbolFlags.Interface) {
    const members = [...symbol.members!.values()].filter((one) =>
      !(one.flags & ts.SymbolFlags.TypeParameter)
    );
    return members.map((one) => one.name).filter(isPublic);
  }
  const words = new Set<string>();
  const visit = (type: ts.Type): void => {
    if (type.isUnion()) return type.types.forEach(visit);
    if (type.isStringLiteral()) return void words.add(type.value);
    if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return;
    for (const property of type.getProperties().filter(isOurs)) {
      words.add(property.name);
      const inner = checker.getTypeOfSymbol(property);
      if (property.name === "type" && inner.isStringLiteral()) words.add(inner.value);
    }
  };
  visit(checker.getDeclaredTypeOfSymbol(symbol));
  return [...words].filter((word) => word !== "type");
}

function checkClass(name: string, variable: string, type: ts.Type): void {
  const section = api.section(`Class: ${name}`);
  want(section !== undefined, api.file, `the class ${name}`);
  for (const property of type.getProperties().filter(isOurs)) {
    if (!isPublic(property.name) || property.name in EventEmitter.prototype) continue; // on() and the like
    const heading = `${variable}.${property.name}`;
    want(section?.heading(heading) !== undefined, api.file, `a heading for ${heading}`);
  }
}

/** Types whose members a reader finds at the classes that have them: Server and Socket. */
const INHERITED = ["BaseServer", "NetSocket"];

/** A type whose words another document lists. */
const LISTED_ELSEWHERE: Record<string, Markdown> = { Feature: new Markdown("docs/capabilities.md") };

const mod = checker.getSymbolAtLocation(program.getSourceFile("mod.ts")!)!;
for (const one of checker.getExportsOfModule(mod)) {
  if (INHERITED.includes(one.name)) {
    want(api.heading(one.name) !== undefined, api.file, `a heading for the type ${one.name}`);
    continue;
  }
  const symbol = one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one;
  if (one.name === "default") {
    want(api.section("Default export") !== undefined, api.file, "the default export");
  } else if (one.name === "Server" || one.name === "Socket") {
    checkClass(one.name, one.name.toLowerCase(), checker.getDeclaredTypeOfSymbol(symbol));
  } else if (symbol.flags & ts.SymbolFlags.Value) {
    want(api.heading(one.name) !== undefined, api.file, `a heading for ${one.name}`);
  } else {
    const section = api.section(one.name);
    want(section !== undefined, api.file, `a heading for the type ${one.name}`);
    const list = LISTED_ELSEWHERE[one.name] ?? section;
    for (const word of list ? wordsOf(symbol) : []) {
      want(
        list!.lists(word) || list!.lists(`'${word}'`),
        api.file,
        `${word} in a list or table of ${one.name}`,
      );
    }
  }
}

// ------------------------------------------------------- events and codes, as the sources name them

const sources = [...globSync("core", /\.ts$/), ...globSync("runtimes", /\.ts$/)];
for (const file of sources) {
  const text = readFileSync(file, "utf8");
  const owner = file === "core/net/server.ts" ? "Server" : "Socket";
  for (const [, event] of text.matchAll(/\bemit\(\s*"([^"]+)"/g)) {
    const isThere = api.section(`Class: ${owner}`)?.heading(`Event: '${event}'`) !== undefined;
    want(isThere, api.file, `the event '${event}' of ${owner}`);
  }
}

const errors = new Markdown("docs/errors.md");
const codes = sources.flatMap((file) =>
  readFileSync(file, "utf8").match(/(?<=["'])E[A-Z_]{4,}(?=["'])/g) ?? []
);
for (const code of new Set(codes)) want(errors.mentions(code), errors.file, code);

// ------------------------------------------------------- what net has

const differences = new Markdown("docs/net-differences.md");
function checkMembers(title: string, names: string[]): void {
  const section = differences.section(title);
  for (const name of new Set(names.filter(isPublic))) {
    if (name !== "constructor") want(section?.lists(name) ?? false, differences.file, `${name} of ${title}`);
  }
}
/** Of the object and of all it inherits from, up to `last`. */
function namesOf(object: object, last: object): string[] {
  if (object === last) return [];
  return [...Object.getOwnPropertyNames(object), ...namesOf(Object.getPrototypeOf(object), last)];
}
checkMembers("Module", Object.keys(net));
checkMembers("Server", [
  ...namesOf(net.Server.prototype, EventEmitter.prototype),
  ...Object.keys(new net.Server()),
]);
checkMembers("Socket", [
  ...namesOf(net.Socket.prototype, Object.prototype),
  ...Object.keys(new net.Socket()),
]);

// ------------------------------------------------------- the life of a socket, as drawn

const [, table] = /NEXT: [^{]*\{(.*?)\};/s.exec(readFileSync("core/association/lifecycle.ts", "utf8"))!;
const moves = [...table!.matchAll(/"([\w-]+)": \[(.*?)\]/g)].flatMap(([, from, to]) =>
  [...to!.matchAll(/[\w-]+/g)].map((state) => `${from} -> ${state}`)
);
const DRAWING = "docs/diagrams/association-life.dot";
const states = new Set(moves.flatMap((move) => move.split(" -> ")));
const drawn = [...readFileSync(DRAWING, "utf8").matchAll(/^ *"?([\w-]+)"? -> "?([\w-]+)"?/gm)].map((
  [, from, to],
) => `${from} -> ${to}`);
for (const move of moves) want(drawn.includes(move), DRAWING, move);
for (const move of drawn) {
  const isMove = move.split(" -> ").every((state) => states.has(state));
  if (isMove && !moves.includes(move)) {
    problems.push(`${DRAWING}: core/association/lifecycle.ts has no move ${move}`);
  }
}

// ------------------------------------------------------- usrsctp's functions that have ours in their place

const INSIDE = "c/usrsctp/inside";
const replaced = globSync(INSIDE, /\.c$/).flatMap((file) =>
  [...new Set(readFileSync(file, "utf8").match(/(?<=__wrap_)\w+/g))].map((name) => `${name}: ${file}`)
);
const listed = [...readFileSync(`${INSIDE}/README.md`, "utf8").matchAll(/^\| (`.*`) \| `(\w+\.c)` \|/gm)]
  .flatMap(
    ([, names, file]) => names!.match(/\w+/g)!.map((name) => `${name}: ${INSIDE}/${file}`),
  );
for (const one of replaced) want(listed.includes(one), `${INSIDE}/README.md`, one);
for (const one of listed) {
  if (!replaced.includes(one)) problems.push(`${INSIDE}/README.md: there is no __wrap_${one}`);
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
