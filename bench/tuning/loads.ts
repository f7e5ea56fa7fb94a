/** What both ends do, one load after the other, each over an association of its own between the same two processes. */
export interface Load {
  /** The title of its column. */
  readonly name: string;
  readonly size: number;
  /** Of a talk: messages of a request, sent one by one; there is one answer to all of them. Absent: a flood. */
  readonly messages?: number;
}

const FLOODS: readonly Load[] = [
  { name: "64 B", size: 64 },
  { name: "270 B", size: 270 },
  { name: "1 KB", size: 1024 },
  { name: "8 KB", size: 8192 },
  { name: "64 KB", size: 65536 },
];

const TALKS: readonly Load[] = [
  { name: "ping-pong", size: 64, messages: 1 },
  { name: "two messages a request", size: 64, messages: 2 },
];

/** How the ends go about it; as JSON in NETSCTP_BENCH_TUNING. */
export interface Manner {
  /** For what shows in round trips, too. */
  readonly withTalks?: true;
  /** Of both createServer() and connect(). */
  readonly options?: object;
  /** The server floods in place of the client: only a client has `onread`. */
  readonly isDownload?: true;
  readonly read?: "data" | "for await" | "onread";
  readonly write?: "many a turn" | "one a turn" | "awaited";
}

export const LOADS: readonly Load[] = [...FLOODS, ...TALKS];

export const loadsOf = ({ withTalks }: Manner): readonly Load[] => withTalks ? LOADS : FLOODS;
