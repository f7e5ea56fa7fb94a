// check_signatures.ts: docs/api.md gives each function and method the arguments that its declaration has, each option
// the type, and each option with a default of its own that default.
import { readFileSync } from "node:fs";
import ts from "typescript";
import { planConnect } from "../core/options/connect.ts";

const FILE = "docs/api.md";
const text = readFileSync(FILE, "utf8").replace(/^```.*?^```/gms, "");
const problems: string[] = [];

const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ".");
const program = ts.createProgram(["mod.ts"], options);
const checker = program.getTypeChecker();
const isOurs = (symbol: ts.Symbol) =>
  symbol.declarations?.some((one) => !one.getSourceFile().fileName.includes("/node_modules/")) ?? false;

// ------------------------------------------------------- arguments

interface Argument {
  name: string;
  optional: boolean;
}

/** "`connect(port[, host][, listener])`": port, host?, listener?. */
function argumentsOf(heading: string): Argument[] {
  let depth = 0;
  return [...heading.matchAll(/[[\]]|\w+/g)].flatMap(([token]) => {
    if (token === "[") depth++;
    else if (token === "]") depth--;
    else return [{ name: token, optional: depth > 0 }];
    return [];
  });
}

/** What is called at the end has a name that says when, in `net`'s documentation. */
const role = (name: string) => name.replace(/^(connect|connection)?listener$|^callback$/i, "callback");

/** A declaration is a documented form with some of its optional arguments left away. */
function fits(declared: Argument[], documented: Argument[]): boolean {
  let at = 0;
  for (const { name, optional } of documented) {
    const one = declared[at];
    if (one && role(one.name) === role(name)) {
      if (one.optional && !optional) return false;
      at++;
    } else if (!optional) return false;
  }
  return at === declared.length;
}

const show = (list: Argument[]) => list.map(({ name, optional }) => name + (optional ? "?" : "")).join(", ");

function checkSignatures(title: string, type: ts.Type): void {
  const forms = [...text.matchAll(/^#+ `(?:new )?([\w.]+)\((.*)\)`$/gm)]
    .filter(([, name]) => name === title).map(([, , list]) => argumentsOf(list!));
  if (forms.length === 0) return; // a getter, or what check_docs.ts misses
  for (const signature of type.getCallSignatures()) {
    const declared = signature.parameters.map((parameter) => {
      const declaration = parameter.valueDeclaration as ts.ParameterDeclaration | undefined;
      return { name: parameter.name, optional: !!declaration && checker.isOptionalParameter(declaration) };
    });
    if (forms.some((form) => fits(declared, form))) continue;
    problems.push(
      `${FILE}: ${title}(${show(declared)}) is declared; documented: ${forms.map(show).join(" or ")}`,
    );
  }
}

// ------------------------------------------------------- types of options

/** As the document names it: the words of the union, without null, which may stand for absence anywhere. */
function wordsOf(type: ts.Type): string[] {
  if (type.isUnion()) {
    const isOfObjects = type.types.every((one) =>
      one.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)
    );
    if (isOfObjects && type.aliasSymbol) return [type.aliasSymbol.name];
    return [...new Set(type.types.flatMap(wordsOf))];
  }
  const { flags } = type;
  if (flags & ts.TypeFlags.Null) return [];
  if (flags & ts.TypeFlags.Undefined) return ["undefined"];
  if (flags & ts.TypeFlags.BooleanLike) return ["boolean"];
  if (flags & ts.TypeFlags.NumberLike) return ["number"];
  if (flags & ts.TypeFlags.StringLike) return ["string"];
  if (type.getCallSignatures().length > 0) return ["Function"];
  if (checker.isArrayType(type)) {
    return wordsOf(checker.getTypeArguments(type as ts.TypeReference)[0]!).map((word) => `${word}[]`);
  }
  if (type.symbol?.name === "__type") return ["Object"];
  return [(type.aliasSymbol ?? type.symbol as ts.Symbol | undefined)?.name ?? checker.typeToString(type)];
}

/** What the list below a heading says: `name` {type} text, over several lines. */
function documentedOptions(title: string): Map<string, { type: string; text: string }> {
  const [, body = ""] = new RegExp(`^#+ \`${title}\`\n(.*?)(?=^#|$(?![\\s\\S]))`, "ms").exec(text) ?? [];
  const items = body.split(/^\* /m).slice(1);
  return new Map(items.flatMap((item) => {
    const [, name, type] = /^`(\w+)` \{([^}]+)\}/.exec(item) ?? [];
    return name ? [[name, { type: type!, text: item.replace(/\s+/g, " ") }]] : [];
  }));
}

function checkOptions(title: string, type: ts.Type): void {
  const documented = documentedOptions(title);
  for (const property of type.getProperties().filter(isOurs)) {
    const entry = documented.get(property.name);
    if (!entry) continue; // inherited, or in a list that check_docs.ts looks into
    const mayBeAbsent = property.flags & ts.SymbolFlags.Optional;
    const words = wordsOf(checker.getTypeOfSymbol(property)).filter((word) =>
      !mayBeAbsent || word !== "undefined"
    );
    const declared = words.sort().join("|");
    const said = entry.type.split("|").sort().join("|");
    if (declared !== said) {
      problems.push(`${FILE}: ${title}.${property.name} is {${declared}}, not {${said}}`);
    }
    if (/^[A-Z]\w+Options$/.test(title) && !declared.includes("Options")) {
      mentionsDefault(title, property, entry.text);
    }
  }
}

/** What the comment in the source calls the default has to stand in the document. */
function mentionsDefault(title: string, property: ts.Symbol, said: string): void {
  const comment = ts.displayPartsToString(property.getDocumentationComment(checker));
  const [, value] = /Default:? (\d+|true|false)(?=[.,;:]|$)/.exec(comment) ?? [];
  if (value && !said.includes(`**Default:** \`${value}\``)) {
    problems.push(`${FILE}: ${title}.${property.name}: the source says that ${value} is the default`);
  }
}

const mod = checker.getSymbolAtLocation(program.getSourceFile("mod.ts")!)!;
for (const one of checker.getExportsOfModule(mod)) {
  const symbol = one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one;
  if (one.name === "Server" || one.name === "Socket") {
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    for (const property of type.getProperties().filter(isOurs)) {
      checkSignatures(`${one.name.toLowerCase()}.${property.name}`, checker.getTypeOfSymbol(property));
    }
  } else if (symbol.flags & ts.SymbolFlags.Value) {
    const type = checker.getTypeOfSymbol(symbol);
    if (symbol.declarations?.some((declaration) => !/typeof netHelpers/.test(declaration.getText()))) {
      checkSignatures(one.name, type);
    }
  } else if (symbol.flags & ts.SymbolFlags.Interface) {
    checkOptions(one.name, checker.getDeclaredTypeOfSymbol(symbol));
  }
}

// ------------------------------------------------------- defaults, as the program has them

const plan = planConnect([{ port: 1 }]) as unknown as Record<string, unknown>;
const documented = new Map([
  ...documentedOptions("AssociationOptions"),
  ...documentedOptions("ConnectOptions"),
]);
for (const [name, value] of Object.entries(plan)) {
  const entry = documented.get(name);
  if (!entry || !["number", "string", "boolean"].includes(typeof value)) continue;
  const [, said] = /\*\*Default:\*\* `'?([^`']+)'?`/.exec(entry.text) ?? [];
  if (said !== undefined && said !== String(value)) {
    problems.push(`${FILE}: the default of ${name} is ${value}, not ${said}`);
  }
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
