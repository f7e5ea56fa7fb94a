import { fileURLToPath } from "node:url";
import { defineConfig } from "tsup";

/** Resolves what the pattern fits to the given place. */
const resolved = (filter: RegExp, to: { path: string; external?: boolean }) => ({
  name: `resolve ${filter}`,
  setup(build: { onResolve(options: { filter: RegExp }, callback: () => typeof to): void }) {
    build.onResolve({ filter }, () => to);
  },
});

// One build for all runtimes, which picks its adapter when it is loaded. Bun's require() takes the ES modules, too.
export default defineConfig([
  {
    entry: ["mod.ts"],
    format: ["esm", "cjs"],
    // Newer compilers, and "types": [], have Node's types only where they are asked for.
    dts: { banner: '/// <reference types="node" />' },
    target: "node20",
    // A CommonJS module has a file name, not a URL. tsup's own stand-in is wrong in a folder named "C#".
    esbuildOptions(options, { format }) {
      if (format !== "cjs") return;
      options.define = { ...options.define, "import.meta.url": "moduleUrl" };
      const moduleUrl = 'require("node:url").pathToFileURL(__filename).href';
      options.banner = { js: `"use strict";\nconst moduleUrl = ${moduleUrl};` };
    },
    sourcemap: true,
    removeNodeProtocol: false, // what Deno wants
    // Left alone, esbuild would keep `#runtime` as an import to be resolved by whoever runs dist/; there the
    // mapping names .ts files that the published package does not hold.
    esbuildPlugins: [
      resolved(/^#runtime$/, { path: fileURLToPath(new URL("./runtimes/detected.ts", import.meta.url)) }),
    ],
  },
  {
    entry: { cli: "cli/main.ts" },
    format: ["esm"],
    target: "node20",
    external: ["commander"],
    // The package itself, by its own name: not a copy of it, and the one that is meant for who runs it.
    esbuildPlugins: [resolved(/\/mod\.ts$/, { path: "netsctp", external: true })],
  },
]);
