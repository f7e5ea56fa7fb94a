import { fileURLToPath } from "node:url";
import { defineConfig, type Options } from "tsup";

/** Resolves what the pattern fits to the given place. */
const resolved = (filter: RegExp, to: { path: string; external?: boolean }) => ({
  name: `resolve ${filter}`,
  setup(build: { onResolve(options: { filter: RegExp }, callback: () => typeof to): void }) {
    build.onResolve({ filter }, () => to);
  },
});

/** What a bundle of the library is made of, for one runtime. */
function bundleFor(runtime: "node" | "deno" | "bun"): Options {
  return {
    target: "node20",
    shims: true,
    sourcemap: true,
    removeNodeProtocol: false, // what Deno wants
    external: ["bun:ffi", "@denosaurs/plug"],
    // Left alone, esbuild would keep `#runtime` as an import to be resolved by whoever runs dist/; there the
    // mapping names .ts files that the published package does not hold.
    esbuildPlugins: [
      resolved(/^#runtime$/, { path: fileURLToPath(new URL(`./runtimes/${runtime}.ts`, import.meta.url)) }),
    ],
  };
}

// The types are the same for all. Bun's require() takes its bundle, too.
export default defineConfig([
  { ...bundleFor("node"), entry: ["mod.ts"], format: ["esm", "cjs"], dts: true },
  { ...bundleFor("deno"), entry: { deno: "mod.ts" }, format: ["esm"] },
  { ...bundleFor("bun"), entry: { bun: "mod.ts" }, format: ["esm"] },
  {
    entry: { cli: "cli/main.ts" },
    format: ["esm"],
    target: "node20",
    external: ["commander"],
    // The package itself, by its own name: not a copy of it, and the one that is meant for who runs it.
    esbuildPlugins: [resolved(/\/mod\.ts$/, { path: "netsctp", external: true })],
  },
]);
