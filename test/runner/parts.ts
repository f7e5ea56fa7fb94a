import { globSync } from "../../tools/glob.ts";

export type Runtime = "node" | "deno" | "bun";
export type Stack = "kernel" | "userspace";

/** The newest Linux that Debian has, in its suite sid, or that of this machine's Debian. */
export type Guest = "newest" | "installed";

/** One process to run. Plain data: the guest gets its jobs as JSON. */
export interface Job {
  part: string;
  /** A test file, or `make TARGET` for the tests in C. */
  file: string;
  runtime?: Runtime;
  /** Another major version of the runtime than the one that `npm test` itself runs on. */
  version?: string;
  stack?: Stack;
  /** Its subject differs between kernels: it runs in the installed guest, wherever else it could run. */
  onOlderKernel?: boolean;
  /** Needs what the newest guest is without: of the guests it takes the installed one. */
  needsInstalled?: boolean;
  /** Needs a kernel with SCTP: runs in the guest where this machine's has none. */
  needsKernel: boolean;
  /** Runs in a network namespace of its own, where it may do as it likes. */
  ownNetwork?: boolean;
}

interface Part {
  name: string;
  /** @param all not a sample where a sample usually does */
  jobs: (all: boolean) => Job[];
}

export const RUNTIMES: Runtime[] = ["node", "deno", "bun"];
const STACKS: Stack[] = ["userspace", "kernel"];
const NODES = ["20", "22", "24", "26"];
const NEWEST_NODE = NODES.at(-1);
const OTHER_NODES = NODES.filter((major) => major !== process.versions.node.split(".")[0]);

/**
 * What one version of Node may do otherwise than the next: its streams, async context, modules over a socket, workers
 * and the end of a process. What holds on the oldest and the newest version holds on those between.
 */
const SAMPLE =
  /\/(async_context|echo|encoding|http|large_messages|onread|order|pipeline|process|read\w+|signal|tls|uncaught|worker)_test/;

/** The same where the kernel's stack is: how the library is loaded and left, and its wakes. A file takes seconds there. */
const SAMPLE_ON_KERNEL = /\/(echo|process|uncaught|worker)_test/;

/** What one version of the kernel may do otherwise than another: options, notifications, addresses, ends. */
const SAMPLE_OF_KERNELS = new RegExp(
  "/(abort|address_changes|buffer_sizes|close_reason|configuration|ended_by_peer|features|handshake_loss|init|keys|" +
    "large_messages|nobody_there|notifications|packets|path\\w*|peer_info|restart|rto|sack|send|several_addresses|stall|" +
    "statistics|status|time_to_live|too_large|undelivered)_test",
);

/** Files that type iptables or nft, for which the newest guest's kernel has no tables, and one about io_uring. */
const INSTALLED_ONLY = /\/(doctor_cures|root|source_address|waking)_test/;

function ring(part: string, folder: string, where: Partial<Job>): Job[] {
  return globSync(`test/${folder}`, /_test\.(ts|mjs|cjs)$/).map((file) => ({
    part,
    file,
    needsKernel: where.stack === "kernel",
    ...(INSTALLED_ONLY.test(file) && { needsInstalled: true }),
    ...where,
  }));
}

/** Two real endpoints, on one version of Node beside that of `npm test`. */
function otherNode(version: string, stack: Stack): Part {
  const name = `node${version}-${stack}`;
  const isWhole = stack === "userspace" && version === NEWEST_NODE;
  const sample = stack === "userspace" ? SAMPLE : SAMPLE_ON_KERNEL;
  return {
    name,
    jobs: (all) => {
      const jobs = ring(name, "socket", { runtime: "node", version, stack });
      return jobs.filter(({ file }) => all || isWhole || sample.test(file));
    },
  };
}

/**
 * Two real endpoints, on an older kernel than the other parts have. What that kernel does otherwise it does to each runtime;
 * Deno and Bun wait by io_uring there.
 */
function olderKernel(runtime: Runtime): Part {
  const name = `${runtime}-kernel-older`;
  const sample = runtime === "node" ? SAMPLE_OF_KERNELS : SAMPLE_ON_KERNEL;
  return {
    name,
    jobs: (all) => {
      const jobs = ring(name, "socket", { runtime, stack: "kernel", onOlderKernel: true });
      return jobs.filter(({ file }) => all || sample.test(file));
    },
  };
}

const make = (target: string): Job => ({ part: "c", file: `make ${target}`, needsKernel: false });

/** Changes the machine that it runs on. */
const isForRoot = ({ file }: Job) => file === "test/docs/root_test.ts";

export const PARTS: Part[] = [
  {
    name: "unit",
    jobs: () => RUNTIMES.flatMap((runtime) => ring("unit", "unit", { runtime })),
  },
  {
    name: "c",
    jobs: () => [
      ...STACKS.map((stack) => ({ ...make("test"), stack, needsKernel: stack === "kernel" })),
      { ...make("test"), stack: "kernel", needsKernel: true, onOlderKernel: true },
      // Here only: the guest's programs have less address space than ASan wants.
      make("sanitize"),
    ],
  },
  {
    name: "native",
    jobs: () =>
      STACKS.flatMap((stack) => RUNTIMES.flatMap((runtime) => ring("native", "native", { runtime, stack }))),
  },
  ...STACKS.flatMap((stack) =>
    RUNTIMES.map((runtime) => ({
      name: `${runtime}-${stack}`,
      jobs: () => ring(`${runtime}-${stack}`, "socket", { runtime, stack }),
    }))
  ),
  ...OTHER_NODES.flatMap((version) => STACKS.map((stack) => otherNode(version, stack))),
  ...RUNTIMES.map(olderKernel),
  {
    name: "cross",
    jobs: () => [
      ...STACKS.flatMap((stack) => ring("cross", "cross/runtimes", { runtime: "node", stack })),
      ...RUNTIMES.flatMap((runtime) => ring("cross", "cross/stacks", { runtime, needsKernel: true })),
    ],
  },
  {
    name: "hosts",
    jobs: () => [
      ...RUNTIMES.flatMap((runtime) =>
        ring("hosts", "hosts", { runtime, stack: "userspace", ownNetwork: true })
      ),
      // Which way packets take is the kernel's part.
      ...ring("hosts", "hosts", { runtime: "node", stack: "kernel", ownNetwork: true }),
    ],
  },
  {
    name: "peers",
    jobs: () => RUNTIMES.flatMap((runtime) => ring("peers", "peers", { runtime, stack: "kernel" })),
  },
  {
    name: "interop",
    jobs: () => [
      ...ring("interop", "interop", { runtime: "node", needsKernel: true }),
      ...ring("interop", "interop", { runtime: "node", needsKernel: true, onOlderKernel: true }),
    ],
  },
  {
    name: "cli",
    jobs: () => [
      ...RUNTIMES.flatMap((runtime) => ring("cli", "cli/both", { runtime, stack: "userspace" })),
      ...RUNTIMES.flatMap((runtime) => ring("cli", "cli/stacks", { runtime, stack: "userspace" })),
      // What a runtime does to a transfer it does on either stack.
      ...ring("cli", "cli/stacks", { runtime: "node", stack: "kernel" }),
      ...ring("cli", "cli/once", { runtime: "node", stack: "userspace" }),
      ...ring("cli", "cli/once_kernel", { runtime: "node", stack: "kernel" }),
      ...ring("cli", "cli/peers", { runtime: "node", stack: "kernel" }),
    ],
  },
  {
    name: "examples",
    jobs: () => [
      ...STACKS.flatMap((stack) => ring("examples", "examples/programs", { runtime: "node", stack })),
      ...ring("examples", "examples/userspace", { runtime: "node", stack: "userspace" }),
      ...ring("examples", "examples/peers", { runtime: "node", stack: "kernel" }),
    ],
  },
  {
    name: "prebuilt",
    jobs: () => STACKS.flatMap((stack) => ring("prebuilt", "prebuilt", { runtime: "node", stack })),
  },
  {
    name: "fetch",
    jobs: () => ring("fetch", "fetch", { runtime: "node", stack: "userspace" }),
  },
  {
    name: "permissions",
    jobs: () => STACKS.flatMap((stack) => ring("permissions", "permissions", { runtime: "node", stack })),
  },
  {
    name: "package",
    jobs: () => ring("package", "package", { runtime: "node" }),
  },
  {
    name: "docs",
    jobs: () =>
      ring("docs", "docs", { runtime: "node" }).map((job) => ({ ...job, needsKernel: isForRoot(job) })),
  },
];
