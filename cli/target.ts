/** `HOST[,HOST…]:PORT` on the command line. */
import { isIPv6 } from "../mod.ts";
import { usageError } from "./exit_codes.ts";

export interface Target {
  /** Names or addresses, as given, without brackets. */
  hosts: string[];
  port: number;
}

/**
 * Of a peer: `10.0.0.1:3868`, `10.0.0.1,10.1.0.1:3868`, `[::1]:3868`, `mme.example:36412`.
 *
 * @throws Failure that says what is wrong and how it is written
 */
export function parseTarget(text: string): Target {
  const { hosts, port } = split(text);
  if (hosts.length === 0) throw usageError(`"${text}" names no host: HOST[,HOST...]:PORT is wanted`);
  if (port === 0) throw usageError(`"${text}": nobody can be reached at port 0`);
  return { hosts, port };
}

/** Of this end: the same, or the port alone (`3868`, `:3868`); port 0 lets the stack choose. */
export function parseLocal(text: string): Target {
  return split(text);
}

/** `HOST[,HOST…]`: without a port, IPv6 addresses need no brackets. */
export function parseHosts(text: string): string[] {
  return text.split(",").map((host) => parseHost(host, text));
}

function split(text: string): Target {
  if (isIPv6(text)) throw usageError(`"${text}" has no port: [${text}]:PORT is wanted`);
  const [, hosts, port] = /^(?:(.*):)?([^:\]]*)$/s.exec(text) ?? [];
  if (port === undefined || !/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw usageError(
      port === undefined || (hosts === undefined && /\D/.test(port))
        ? `"${text}" has no port: HOST[,HOST...]:PORT is wanted`
        : `"${port}" in "${text}" is no port: a number from 0 to 65535 is wanted`,
    );
  }
  return {
    hosts: hosts ? hosts.split(",").map((host) => parseBracketed(host, text)) : [],
    port: Number(port),
  };
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
