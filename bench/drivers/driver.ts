/** Who is measured: a program that can be either end of a run. Its arguments are those of ends/end.ts. */
export type Stack = "kernel" | "userspace";

export interface Driver {
  readonly name: string;
  /** One line for the reader. */
  readonly about: string;
  /** The command of an end on a stack, without its arguments. `checkout` is where ours is built: this one by default. */
  command(stack: Stack, checkout?: string): string[];
}
