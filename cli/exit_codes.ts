/** How the program ends. The table in docs/cli.md is made from this one. */
export const EXIT = {
  ok: 0,
  failed: 1,
  unusable: 2,
  refused: 3,
  timedOut: 4,
  aborted: 5,
  unreachable: 6,
  noEcho: 7,
  notBound: 8,
  usage: 64,
  interrupted: 130,
  brokenPipe: 141,
  terminated: 143,
} as const;

/** What each of them means, for the documentation. */
export const EXIT_MEANINGS: Record<keyof typeof EXIT, string> = {
  ok: "success; with `doctor`, all is well",
  failed: "failed in a way that has no status of its own; with `doctor`, degraded",
  unusable: "SCTP cannot be used here: no stack, no library, or no permission; with `doctor`, unusable",
  refused: "the peer refused the association",
  timedOut: "no answer in time, or the peer went silent",
  aborted: "the association was aborted, or the peer ended it before all was sent",
  unreachable: "no route to the peer, or its name is not known",
  noEcho: "`ping`: the peer does not echo",
  notBound: "the local address or port cannot be bound to",
  usage: "the command line is wrong",
  interrupted: "ended by SIGINT before it was done",
  brokenPipe: "nobody reads standard output any more",
  terminated: "ended by SIGTERM before it was done",
};

const BY_CODE: Record<string, number> = {
  ECONNREFUSED: EXIT.refused,
  ETIMEDOUT: EXIT.timedOut,
  ECONNRESET: EXIT.aborted,
  ECONNABORTED: EXIT.aborted,
  EPIPE: EXIT.aborted,
  ERR_SCTP_PARTIAL_MESSAGE: EXIT.aborted,
  EHOSTUNREACH: EXIT.unreachable,
  ENETUNREACH: EXIT.unreachable,
  ENOTFOUND: EXIT.unreachable,
  EAI_AGAIN: EXIT.unreachable,
  EADDRINUSE: EXIT.notBound,
  EADDRNOTAVAIL: EXIT.notBound,
  EACCES: EXIT.notBound,
  ERR_SCTP_UNAVAILABLE: EXIT.unusable,
  ERR_SCTP_NO_LIBRARY: EXIT.unusable,
  ERR_SCTP_LIBRARY_MISMATCH: EXIT.unusable,
  ERR_SCTP_PERMISSION: EXIT.unusable,
};

/** A failure that knows how the program is to end. */
export class Failure extends Error {
  readonly code: string;
  readonly exitCode: number;

  constructor(code: string, message: string, exitCode: number = EXIT.failed) {
    super(message);
    this.name = "Failure";
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** Thrown where the command line itself is wrong. */
export const usageError = (message: string) => new Failure("USAGE", message, EXIT.usage);

/** The exit code that belongs to an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Failure) return error.exitCode;
  const { code } = error as { code?: string };
  if (code !== undefined && Object.hasOwn(BY_CODE, code)) return BY_CODE[code]!;
  // The library refuses an argument: it came from the command line.
  return code?.startsWith("ERR_") && !code.startsWith("ERR_SCTP") ? EXIT.usage : EXIT.failed;
}
