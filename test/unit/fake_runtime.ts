/**
 * A runtime whose shim is a script: what core/ does where no library loads,
 * where a stack is missing, or where a call fails, without a socket.
 */
import type { Calls, Library, Runtime, Stack } from "../../core/shim/native.ts";
import { LAYOUT_HASH, STACK } from "../../core/shim/records.ts";
import { SYMBOLS } from "../../core/shim/symbols.ts";

export interface FakeStack {
  /** What load() throws instead of giving a library. */
  loadError?: Error;
  /** What fetch() gives or throws; without one, nothing can be fetched. */
  fetched?: FakeStack | Error;
  /** What probe() answers, with this explanation. */
  probe?: number;
  explanation?: string;
  layoutHash?: number;
  /** The stack that its library is of, where that is another one. */
  of?: Stack;
  /** Calls that do something. All others answer 0. */
  calls?: Partial<Calls>;
}

export interface FakeRuntime extends Runtime {
  readonly warnings: Array<{ message: string; code: string }>;
  readonly refs: boolean[];
  /** What load() and fetch() were asked for, with the directory. */
  readonly asked: string[];
  /** Wakes the loop of a stack, as its descriptor would. */
  wake(stack: Stack): void;
}

export function fakeRuntime(
  stacks: Partial<Record<Stack, FakeStack>>,
  environment: Record<string, string> = {},
): FakeRuntime {
  const wakes = new Map<Stack, () => void>();
  const fake: FakeRuntime = {
    warnings: [],
    refs: [],
    asked: [],
    environment: (name) => environment[name],
    warn: (message, code) => void fake.warnings.push({ message, code }),
    wake: (stack) => wakes.get(stack)!(),
    load(stack, directory = "build"): Library {
      fake.asked.push(`load ${stack} ${directory}`);
      const script = stacks[stack] ?? { loadError: new Error(`no ${stack} library`) };
      if (script.loadError) throw script.loadError;
      return libraryOf(stack, script, directory);
    },
  };
  if (Object.values(stacks).some(({ fetched }) => fetched)) {
    fake.fetch = async (stack) => {
      fake.asked.push(`fetch ${stack}`);
      await Promise.resolve(); // it takes its time
      const { fetched } = stacks[stack]!;
      if (fetched instanceof Error) throw fetched;
      return libraryOf(stack, fetched!, "cache");
    };
  }
  const libraryOf = (stack: Stack, script: FakeStack, directory: string): Library => ({
    path: `${directory}/fake_${stack}.so`,
    calls: callsOf(stack, script),
    openLoop(wake) {
      wakes.set(stack, wake);
      return { loop: 0, setRef: (on) => void fake.refs.push(on) };
    },
  });
  return fake;
}

function callsOf(stack: Stack, script: FakeStack): Calls {
  const silent = Object.fromEntries(Object.keys(SYMBOLS).map((name) => [name, () => 0]));
  const text = script.explanation ?? "";
  return {
    ...silent,
    layout_hash: () => script.layoutHash ?? LAYOUT_HASH,
    stack: () => (script.of ?? stack) === "kernel" ? STACK.KERNEL : STACK.USERSPACE,
    probe: () => script.probe ?? 0,
    explain: (out: Uint8Array) => {
      const bytes = new TextEncoder().encode(text);
      out.set(bytes);
      return bytes.length;
    },
    ...script.calls,
  } as Calls;
}
