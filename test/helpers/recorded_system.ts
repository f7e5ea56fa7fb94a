/**
 * A machine of which the parts were written down that matter: `== /path` and the file's text, `== /path -> target` for a
 * link, `== $ command` and what it says (`== $ command # 1` if it fails), `== variable NAME`, and `== addresses` with
 * lines of `device address`.
 */
import { readFileSync } from "node:fs";
import type { LocalAddress, Run, System } from "../../cli/doctor/system.ts";

export interface Differences {
  /** Files, or undefined for one that is not there. */
  files?: Record<string, string | undefined>;
  links?: Record<string, string>;
  commands?: Record<string, Run>;
  variables?: Record<string, string>;
  addresses?: LocalAddress[];
  uid?: number | undefined;
  runtime?: System["runtime"];
  refused?: string[];
}

/** @param name of a file in test/cli/machines */
export function recordedSystem(name: string, different: Differences = {}): System {
  const { files, links, commands, variables, addresses } = parse(
    readFileSync(`test/cli/machines/${name}.txt`, "utf8"),
  );
  for (const [path, text] of Object.entries(different.files ?? {})) {
    if (text === undefined) files.delete(path);
    else files.set(path, text);
  }
  for (const [path, target] of Object.entries(different.links ?? {})) links.set(path, target);
  for (const [command, run] of Object.entries(different.commands ?? {})) commands.set(command, run);
  for (const [variable, value] of Object.entries(different.variables ?? {})) variables.set(variable, value);
  return {
    read: (path) => files.get(path),
    readPacked: () => undefined,
    list(path) {
      const below = [...files.keys(), ...links.keys()].filter((one) => one.startsWith(`${path}/`));
      return [...new Set(below.map((one) => one.slice(path.length + 1).split("/")[0]!))].sort();
    },
    link: (path) => links.get(path),
    run: (...words) => Promise.resolve(commands.get(words.join(" "))),
    variable: (variable) => variables.get(variable),
    addresses: () => different.addresses ?? addresses,
    release: undefined,
    arch: "x64",
    uid: "uid" in different ? different.uid : 1000,
    runtime: different.runtime ?? { name: "Node", version: "22.12.0" },
    refused: new Set(different.refused),
  };
}

function parse(text: string) {
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  const commands = new Map<string, Run>();
  const variables = new Map<string, string>();
  let addresses: LocalAddress[] = [];
  for (const part of text.split(/^== /m).slice(1)) {
    const end = part.indexOf("\n");
    const head = part.slice(0, end);
    const body = part.slice(end + 1).trimEnd();
    const [, command, code = "0"] = /^\$ (.+?)(?: # (\d+))?$/.exec(head) ?? [];
    const [link, target] = head.split(" -> ");
    if (command) {
      commands.set(command, { code: Number(code), stdout: body, stderr: code === "0" ? "" : body });
    } else if (head === "addresses") addresses = body.split("\n").map(localAddress);
    else if (head.startsWith("variable ")) variables.set(head.slice(9), body);
    else if (target) links.set(link!, target);
    else files.set(head, body);
  }
  return { files, links, commands, variables, addresses };
}

export function localAddress(line: string): LocalAddress {
  const [device = "", address = ""] = line.split(" ");
  return { device, address, family: address.includes(":") ? "IPv6" : "IPv4", internal: device === "lo" };
}
