/** Which SCTP stack serves: the kernel's where there is one, else userspace. */
import { sctpError, systemError } from "../errors.ts";
import { Libraries } from "./libraries.ts";
import { errorName, explain, Loop } from "./loop.ts";
import type { Library, Runtime, Stack } from "./native.ts";
import { type NumberedOption, OPTION } from "./records.ts";
import { optionalOneOf } from "../validate.ts";

/** What a user may ask for. */
export type StackChoice = "auto" | Stack;

/** Which stack serves a choice, and why. */
export interface StackInfo {
  /** The stack that serves. */
  stack: Stack;
  /** One sentence for people. */
  reason: string;
}

/** Calls one of the two: during the call where the loop is open, else when its library has been fetched. */
export type Opening = (onOpen: (loop: Loop) => void, onFailed: (error: Error) => void) => void;

const CHOICES: readonly StackChoice[] = ["auto", "kernel", "userspace"];

/** Errors that say what the process lacks: another stack lacks it as well, and this one may work soon. */
const SHORTAGES = ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"];

/** Errors that switching stacks would not fix. */
const NO_OBSTACLES = new Set<string | undefined>([
  "ERR_SCTP_PERMISSION",
  "ERR_SCTP_LIBRARY_LOADED",
  "ERR_SCTP_UNAVAILABLE", // on this system
  ...SHORTAGES,
]);

const INSTEAD = "To go without the kernel's SCTP: NETSCTP_STACK=userspace, or the option stack: 'userspace'";

// The kernel counts what a message occupies, not its bytes: its own 208 KB are soon full of a flood of small messages,
// chunks are dropped, and each waits a second for its retransmission. Less than the window on its way keeps a sender
// from filling a window again that is blocked by one lost message. A system's limits (net.core.rmem_max, wmem_max)
// may make it less for those without privilege.
const KERNEL_BUFFERS: readonly NumberedOption[] = [
  [OPTION.SEND_BUFFER, 1024 * 1024],
  [OPTION.RECEIVE_BUFFER, 2 * 1024 * 1024],
];

const UDP_PORTS: readonly number[] = [OPTION.LOCAL_UDP_PORT, OPTION.REMOTE_UDP_PORT];

export class Stacks {
  readonly runtime: Runtime;
  readonly #libraries: Libraries;
  readonly #loops = new Map<Stack, Loop>();
  readonly #working = new Set<Stack>();
  /** Environment variables, as every connect() asks for them, and reading one may cost a system call. */
  readonly #variables = new Map<string, string | undefined>();
  #auto: StackInfo | undefined;

  constructor(runtime: Runtime) {
    this.runtime = runtime;
    this.#libraries = new Libraries(runtime);
  }

  /**
   * The stack that serves a choice. Without one, NETSCTP_STACK decides, else "auto".
   *
   * @param libraryPath the directory to load its library from, if that is not loaded yet
   * @throws ERR_SCTP_UNAVAILABLE, ERR_SCTP_NO_LIBRARY, ERR_SCTP_PERMISSION, ERR_SCTP_LIBRARY_MISMATCH,
   * ERR_SCTP_LIBRARY_LOADED, and EMFILE and its like where it cannot be found out now
   */
  choose(choice?: StackChoice, libraryPath?: string): StackInfo {
    const asked = optionalOneOf(choice, "options.stack", CHOICES);
    const fromEnvironment = this.#variable("NETSCTP_STACK");
    const wanted = asked ?? optionalOneOf(fromEnvironment, "NETSCTP_STACK", CHOICES) ?? "auto";
    if (wanted === "auto") {
      this.#auto ??= Object.freeze(this.#chooseAuto(libraryPath));
      if (libraryPath !== undefined) this.#load(this.#auto.stack, libraryPath);
      return this.#auto;
    }
    const by = asked === undefined ? "NETSCTP_STACK" : "the option stack";
    const obstacle = this.#probe(wanted, libraryPath);
    if (obstacle !== undefined) {
      throw sctpError("ERR_SCTP_UNAVAILABLE", wanted === "kernel" ? `${obstacle}. ${INSTEAD}` : obstacle);
    }
    return { stack: wanted, reason: `${by} asks for it` };
  }

  /** What a stack that serves lacks for an option, on this machine; undefined: it has it. */
  whyLacking(stack: Stack, option: number): string | undefined {
    const { calls } = this.#load(stack, undefined);
    return calls.supports(option) < 0 ? explain(calls) : undefined;
  }

  /** As choose(), after fetching what is not on this machine, where the runtime can. */
  async prepare(choice?: StackChoice, libraryPath?: string): Promise<StackInfo> {
    for (;;) { // "auto" may need a second library
      try {
        return this.choose(choice, libraryPath);
      } catch (error) {
        if (!this.#libraries.isFetchable(error)) throw error;
        await this.#libraries.fetchFor(error);
      }
    }
  }

  /**
   * Opens the loop of a choice, after fetching its library where that has to be.
   *
   * @throws what loop() throws, and ERR_SCTP_BAD_ENVIRONMENT
   */
  open(choice?: StackChoice, libraryPath?: string): Opening {
    try {
      const loop = this.loop(choice, libraryPath);
      if (loop.stack === "userspace") this.#udpPort(); // so that connect() and listen() throw where it is wrong
      return (onOpen) => onOpen(loop);
    } catch (error) {
      if (!this.#libraries.isFetchable(error)) throw error;
      const later = this.prepare(choice, libraryPath).then(() => this.loop(choice, libraryPath));
      return (onOpen, onFailed) => void later.then(onOpen).catch(onFailed);
    }
  }

  /** The loop of a choice, opened when first asked for. */
  loop(choice?: StackChoice, libraryPath?: string): Loop {
    const { stack } = this.choose(choice, libraryPath);
    let loop = this.#loops.get(stack);
    if (loop === undefined) {
      loop = new Loop(stack, this.#load(stack, undefined), this.runtime.warn);
      this.#loops.set(stack, loop);
    }
    return loop;
  }

  /**
   * The options of a socket: those its stack needs, and behind them its user's. Of two values for one option the later
   * one counts.
   *
   * @param udpOption which end's UDP port NETSCTP_UDP_PORT is for a socket of this kind
   */
  socketOptions(stack: Stack, udpOption: number, asked: readonly NumberedOption[]): NumberedOption[] {
    if (stack === "kernel") {
      // It needs no UDP port, so it has none to choose.
      return [
        ...KERNEL_BUFFERS,
        ...asked.filter(([name, value]) => value !== 0 || !UDP_PORTS.includes(name)),
      ];
    }
    const port = this.#udpPort();
    return port === undefined ? [...asked] : [[udpOption, port], ...asked];
  }

  /** An environment variable as it was when first asked for; one that is empty is none. */
  #variable(name: string): string | undefined {
    if (!this.#variables.has(name)) this.#variables.set(name, this.runtime.environment(name) || undefined);
    return this.#variables.get(name);
  }

  #udpPort(): number | undefined {
    const text = this.#variable("NETSCTP_UDP_PORT");
    if (text === undefined) return undefined;
    const port = Number(text);
    if (Number.isInteger(port) && port >= 0 && port < 65536) return port;
    throw sctpError(
      "ERR_SCTP_BAD_ENVIRONMENT",
      `NETSCTP_UDP_PORT must be a port from 0 to 65535, not '${text}'`,
    );
  }

  #chooseAuto(libraryPath: string | undefined): StackInfo {
    const reason = this.#obstacle("kernel", libraryPath);
    if (reason === undefined) return { stack: "kernel", reason: "the kernel's SCTP works here" };
    const other = this.#obstacle("userspace", libraryPath);
    if (other !== undefined) {
      const message = `No SCTP stack can be used. Kernel: ${reason}. Userspace: ${other}`;
      throw sctpError("ERR_SCTP_UNAVAILABLE", message);
    }
    this.runtime.warn(
      `SCTP runs in userspace over UDP, since the kernel's cannot be used: ${reason}. Peers must speak SCTP over ` +
        "UDP (RFC 6951) too. NETSCTP_STACK=userspace says that this is wanted and ends this warning",
      "NETSCTP_USERSPACE",
    );
    return { stack: "userspace", reason };
  }

  /** Tells why a stack cannot be used, if so: its library is missing, or what the library needs. */
  #obstacle(stack: Stack, libraryPath: string | undefined): string | undefined {
    try {
      return this.#probe(stack, libraryPath);
    } catch (error) {
      if (this.#libraries.isFetchable(error) || NO_OBSTACLES.has((error as { code?: string }).code)) {
        throw error;
      }
      return (error as Error).message;
    }
  }

  /** Asks the stack itself whether it can serve; returns why not. */
  #probe(stack: Stack, libraryPath: string | undefined): string | undefined {
    const isKnown = this.#working.has(stack); // every connect() asks
    if (isKnown && libraryPath === undefined) return undefined;
    const { calls } = this.#load(stack, libraryPath);
    if (isKnown) return undefined;
    const result = calls.probe();
    if (result < 0) {
      const [explanation, name] = [explain(calls), errorName(calls, -result)];
      if (SHORTAGES.includes(name)) throw systemError(name, -result, "socket", { detail: explanation });
      return explanation || `no socket can be opened: ${name}`;
    }
    this.#working.add(stack);
    return undefined;
  }

  #load(stack: Stack, libraryPath: string | undefined): Library {
    return this.#libraries.load(stack, libraryPath, libraryPath ?? this.#variable("NETSCTP_LIBRARY"));
  }
}
