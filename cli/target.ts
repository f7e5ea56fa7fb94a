/** `HOST[,HOST…]:PORT`, or `HOST[,HOST…] PORT`, on the command line. */
import { isIPv6 } from "../mod.ts";
import { usageError } from "./exit_codes.ts";

export interface Target {
  /** Names or addresses, as given, without brackets. */
  hosts: string[];
  port: number;
}

/** What a command takes its target from: its one or two words, and options that say the same. */
export interface TargetWords {
  /** `HOST[,HOST…]:PORT`, or `HOST[,HOST…]` where the port is said elsewhere. */
  where?: string | undefined;
  /** The second word. */
  port?: string | undefined;
  /** The port by an option. */
  portOption?: number | undefined;
}

/**
 * Of a peer: `10.0.0.1:3868`, `10.0.0.1,10.1.0.1:3868`, `[::1]:3868`, `mme.example:36412`; or `::1` and `3868`.
 *
 * @throws Failure that says what is wrong and how it is written
 */
export function parseTarget(words: TargetWords): Target {
  const { hosts, port } = together(words);
  const { where } = words;
  if (hosts.length === 0) throw usageError(`"${where}" names no host: HOST[,HOST...]:PORT is wanted`);
  if (port === 0) throw usageError(`"${where}": nobody can be reached at port 0`);
  return { hosts, port };
}

/**
 * Of this end: the same, or the port alone (`3868`, `:3868`); port 0, or none, lets the stack choose.
 *
 * @param hostsOption addresses by an option
 */
export function parseLocal(words: TargetWords, hostsOption?: string[]): Target {
  const { where, port, portOption } = words;
  const isNothing = where === undefined && port === undefined && portOption === undefined;
  const local = isNothing ? { hosts: [], port: 0 } : together(words);
  if (!hostsOption) return local;
  if (local.hosts.length > 0) throw usageError(`"${where}" names an address, and so does an option`);
  return { ...local, hosts: hostsOption };
}

function together({ where, port, portOption }: TargetWords): Target {
  if (port !== undefined && portOption !== undefined) {
    throw usageError(`the port is said twice: ${port} and ${portOption}`);
  }
  const said = port ?? (portOption === undefined ? undefined : String(portOption));
  if (said === undefined) return split(where!);
  if (where === undefined) return { hosts: [], port: portIn(said, said) };
  if (/^(\[.*\]|[^:]*):\d+$/.test(where)) {
    throw usageError(`"${where}" has a port already, and ${said} would be another one`);
  }
  return { hosts: parseHosts(where), port: portIn(said, said) };
}

/** `HOST[,HOST…]`: without a port, IPv6 addresses need no brackets. */
export function parseHosts(text: string): string[] {
  return text.split(",").map((host) => parseHost(host, text));
}

function split(text: string): Target {
  if (isIPv6(text)) throw usageError(`"${text}" has no port: [${text}]:PORT is wanted, or ${text} PORT`);
  const [, hosts, port] = /^(?:(.*):)?([^:\]]*)$/s.exec(text) ?? [];
  if (port === undefined || (hosts === undefined && /\D/.test(port))) {
    throw usageError(`"${text}" has no port: HOST[,HOST...]:PORT is wanted, or HOST[,HOST...] PORT`);
  }
  return {
    hosts: hosts ? hosts.split(",").map((host) => parseBracketed(host, text)) : [],
    port: portIn(port, text),
  };
}

function portIn(port: string, text: string): number {
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65535) return Number(port);
  const where = port === text ? "" : ` in "${text}"`;
  throw usageError(`"${port}"${where} is no port: a number from 0 to 65535 is wanted`);
}

function parseHost(text: string, whole: string): string {
  const host = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (host === "") throw usageError(`"${whole}" has an empty host`);
  if (isIPv6(host) || (host === text && !/[:[\]]/.test(host))) return host;
  throw usageError(`"${text}" is neither an address nor a name`);
}

function parseBracketed(text: string, whole: string): string {
  if (isIPv6(text)) throw usageError(`"${text}" before a port is written [${text}]`);
  return parseHost(text, whole);
}

/** An address as it is written before a port. */
export function hostPort(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** A target as it is written. */
export function formatTarget({ hosts, port }: Target): string {
  return `${hosts.map((host) => host.includes(":") ? `[${host}]` : host).join(",")}:${port}`;
}
