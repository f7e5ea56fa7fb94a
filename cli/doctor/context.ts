/** What every check is given. */
import type { Stack, StackChoice } from "../../mod.ts";
import type { Target } from "../target.ts";
import type { Distribution } from "./distribution.ts";
import type { Finding } from "./finding.ts";
import type { System } from "./system.ts";

/** Whether a stack can open a socket. */
export interface StackState {
  usable: boolean;
  /** Of the error that says that it cannot. */
  code?: string | undefined;
  reason: string;
}

export interface Context {
  readonly system: System;
  readonly distribution: Distribution;
  readonly stacks: Readonly<Record<Stack, StackState>>;
  /** By --stack, else NETSCTP_STACK, else "auto". */
  readonly wanted: StackChoice;
  /** The peer that was asked about. */
  readonly target?: Target | undefined;
  /** The peer's UDP port for SCTP over UDP. */
  readonly udpPort: number;
  /** How long one attempt to reach the peer may take. */
  readonly timeoutMs: number;
}

export type Check = (context: Context) => Finding[] | Promise<Finding[]>;
