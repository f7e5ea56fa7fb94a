// gen_cli_docs.ts [--write]: the commands' reference in docs/cli.md and the man page docs/netsctp.1, from the tree of
// commands itself; without --write, whether both are as they would be written.
import { readFileSync, writeFileSync } from "node:fs";
import { EXIT, EXIT_MEANINGS } from "../cli/exit_codes.ts";
import { PPID_NAMES } from "../cli/ppids.ts";
import { program } from "../cli/program.ts";
import { type CommandInfo, infoOf } from "../cli/tree.ts";

const REFERENCE = "docs/cli.md";
const MARK = "<!-- the rest is written by `npm run format` -->\n";
const MAN = "docs/netsctp.1";

const root = infoOf(program());
const exits = Object.entries(EXIT).map(([name, code]) => ({
  code,
  meaning: EXIT_MEANINGS[name as keyof typeof EXIT],
}));

// ------------------------------------------------------- docs/cli.md

const FENCE = "```";
const cell = (text: string) => text.replace(/\|/g, "\\|").replace(/</g, "\\<");

function table(head: [string, string], rows: [string, string][]): string {
  const lines = [head, ["---", "---"], ...rows].map(([left, right]) => `| ${left} | ${right} |\n`);
  return lines.join("");
}

function reference({ name, usage, description, operands, options, examples }: CommandInfo): string {
  const parts = [
    `### \`${name}\`\n`,
    `${FENCE}text\n${usage}\n${FENCE}\n`,
    `${description}\n`,
    table(["argument, option", ""], [
      ...operands.map((one): [string, string] => [`\`${one.name}\``, cell(one.description)]),
      ...options.map((one): [string, string] => [`\`${one.flags}\``, cell(one.description)]),
    ]),
  ];
  if (examples.length > 0) {
    const lines = examples.map(({ line, does }) => `# ${does}\nnetsctp ${line}\n`).join("");
    parts.push(
      `${FENCE}sh not run: their options are parsed by test/cli, their peers are not there\n${lines}${FENCE}\n`,
    );
  }
  return parts.join("\n");
}

function markdown(): string {
  return [
    "",
    "## Exit codes\n",
    table(["code", ""], exits.map(({ code, meaning }) => [String(code), meaning])),
    "## Commands\n",
    ...root.commands.map(reference),
    "## Names of payload protocol identifiers\n",
    "Capital letters, points and hyphens do not matter.\n",
    `${PPID_NAMES.map(([ppid, name]) => `${name} ${ppid}`).join(", ")}.\n`,
  ].join("\n");
}

// ------------------------------------------------------- docs/netsctp.1

/** roff's special characters; a line must not begin with a point or a quote. */
const roff = (text: string) =>
  text.replace(/\\/g, "\\e").replace(/-/g, "\\-").replace(/`/g, "").replace(/^([.'])/gm, "\\&$1");

function manOf({ name, usage, description, operands, options, examples }: CommandInfo): string {
  return [
    `.SS ${roff(name)}`,
    `.B ${roff(usage)}`,
    ".PP",
    roff(description),
    ...operands.map((one) => `.TP\n.I ${roff(one.name)}\n${roff(one.description)}`),
    ...options.map((one) => `.TP\n.B ${roff(one.flags)}\n${roff(one.description)}`),
    ...examples.map(({ line, does }) =>
      `.PP\n${roff(does)}:\n.PP\n.nf\n.RS\n${roff(`netsctp ${line}`)}\n.RE\n.fi`
    ),
  ].join("\n");
}

function man(): string {
  return [
    `.\\" Written by npm run format.`,
    `.TH NETSCTP 1 "" "netsctp" "User Commands"`,
    ".SH NAME",
    "netsctp \\- SCTP from the command line",
    ".SH SYNOPSIS",
    `.B ${roff(root.usage)}`,
    ".SH DESCRIPTION",
    roff(root.description),
    ".SH COMMANDS",
    ...root.commands.map(manOf),
    ".SH EXIT STATUS",
    ...exits.map(({ code, meaning }) => `.TP\n.B ${code}\n${roff(meaning)}`),
    ".SH ENVIRONMENT",
    ".TP\n.B NETSCTP_STACK\nkernel, userspace or auto, where \\-\\-stack is not given.",
    ".TP\n.B NETSCTP_UDP_PORT\nThe UDP port of SCTP over UDP, where \\-\\-udp\\-port is not given. Default 9899.",
    ".TP\n.B NETSCTP_LIBRARY\nThe directory that holds the native libraries.",
    ".TP\n.B NO_COLOR\nIf it is set, nothing is coloured.",
    "",
  ].join("\n");
}

// ------------------------------------------------------- both

const [head, rest] = readFileSync(REFERENCE, "utf8").split(MARK);
if (rest === undefined) {
  throw new Error(`${REFERENCE}: the line that begins the reference is missing: ${MARK.trim()}`);
}

for (const [file, wanted] of [[REFERENCE, head + MARK + markdown()], [MAN, man()]] as const) {
  let present: string | undefined;
  try {
    present = readFileSync(file, "utf8");
  } catch {
    // To be written for the first time.
  }
  if (present === wanted) continue;
  if (process.argv.includes("--write")) writeFileSync(file, wanted);
  else {
    console.error(`${file} does not fit the commands' options`);
    process.exitCode = 1;
  }
}
