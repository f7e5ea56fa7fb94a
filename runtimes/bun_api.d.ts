/**
 * What runtimes/bun.ts uses of Bun, and no more: the package that declares all
 * of it would declare its globals in every other file, too.
 */
declare module "bun:ffi" {
  type Name = "u32" | "i32" | "ptr";
  export function dlopen(
    path: string,
    symbols: Record<string, { args: readonly Name[]; returns: Name }>,
  ): { symbols: Record<string, unknown> };
}

declare namespace Bun {
  interface ConnectedSocket {
    ref(): void;
    unref(): void;
  }
  /** Takes over a connected socket; `open` is called before it returns. */
  function connect(options: {
    fd: number;
    socket: { open(socket: ConnectedSocket): void; data(): void };
  }): Promise<ConnectedSocket>;
}
