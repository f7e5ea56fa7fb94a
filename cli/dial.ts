/** How commands come to a peer. */
import { type Command, Option } from "commander";
import { type AssociationOptions, connect, type ConnectOptions, isIP, type Socket } from "../mod.ts";
import { parsed, type StackOptions } from "./command.ts";
import { Failure, usageError } from "./exit_codes.ts";
import { stopSignal } from "./stop.ts";
import { formatTarget, parseHosts, type Target } from "./target.ts";
import { duration, integer } from "./values.ts";

export interface DialOptions extends StackOptions {
  local?: string[];
  localPort?: number;
  ipv4?: true;
  ipv6?: true;
  allAddresses?: true;
  connectTimeout?: number;
}

/** Those of them that mean nothing to an end that waits. */
export const DIAL_ONLY: readonly string[] = ["localPort", "ipv4", "ipv6", "allAddresses", "connectTimeout"];

/** Letters that differ from command to command: each has those of the program that people know its kind by. */
export interface DialLetters {
  local: string;
  localPort?: string;
  connectTimeout?: string;
}

const withLetter = (letter: string | undefined, long: string) => letter ? `-${letter}, ${long}` : long;

export function withDialOptions(command: Command, letters: DialLetters): Command {
  return command
    .option(
      withLetter(letters.local, "--local <hosts>"),
      "addresses of this end, separated by commas",
      parsed(parseHosts),
    )
    .option(withLetter(letters.localPort, "--local-port <port>"), "port of this end", integer(1, 65535))
    .option("-4, --ipv4", "resolve a name to IPv4 addresses only")
    .addOption(new Option("-6, --ipv6", "resolve a name to IPv6 addresses only").conflicts("ipv4"))
    .option("--all-addresses", "take all addresses of a name for those of one peer")
    .option(
      withLetter(letters.connectTimeout, "--connect-timeout <time>"),
      "how long to try; 0 as long as the stack does. Default 30 s",
      duration("0s", "1h"),
    );
}

/** The way to a peer, from what the command line says. */
function dialPlan({ hosts, port }: Target, options: DialOptions): ConnectOptions {
  const { local, localPort, ipv4, ipv6, allAddresses, connectTimeout, stack, udpPort } = options;
  const name = hosts.find((host) => isIP(host) === 0);
  if (hosts.length > 1 && name !== undefined) {
    throw usageError(
      `"${name}" is a name: several hosts are several addresses of one peer (or: --all-addresses)`,
    );
  }
  const family = ipv4 ? 4 : ipv6 ? 6 : 0;
  const other = hosts.find((host) => family !== 0 && ![0, family].includes(isIP(host)));
  if (other !== undefined) {
    throw usageError(`--ipv${family} is given, and ${other} is no IPv${family} address`);
  }
  return {
    port,
    ...(hosts.length > 1 ? { remoteAddresses: hosts } : { host: hosts[0]! }),
    ...(local && { localAddresses: local }),
    ...(localPort !== undefined && { localPort }),
    ...(family !== 0 && { family }),
    ...(allAddresses && { allAddresses }),
    ...(connectTimeout !== undefined && { connectTimeout }),
    ...(stack && { stack }),
    ...(udpPort !== undefined && { udpPort }),
  };
}

/**
 * Resolves once the association is up, in the turn in which it comes up: listeners that are added at once miss nothing.
 *
 * @param whenUp called then
 * @throws what connecting fails with, or a Failure when the user stops it
 */
export function dial(
  target: Target,
  options: DialOptions,
  association: AssociationOptions,
  whenUp: (socket: Socket) => void,
): Promise<void> {
  const socket = connect({ ...dialPlan(target, options), ...association });
  const stop = stopSignal();
  return new Promise((resolve, reject) => {
    const interrupt = () => {
      reject(new Failure("INTERRUPTED", `${formatTarget(target)} has not answered yet`, stop.reason));
      socket.destroy();
    };
    socket.once("error", reject).once("connect", () => {
      socket.off("error", reject);
      stop.removeEventListener("abort", interrupt);
      whenUp(socket);
      resolve();
    });
    if (stop.aborted) interrupt();
    else stop.addEventListener("abort", interrupt, { once: true });
  });
}
