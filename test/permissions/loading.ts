/** Prints "loaded STACK", or "CODE message". Arguments: libraryPath, or nothing. */
import process from "node:process";
import { loadLibrary } from "netsctp";

const [libraryPath] = process.argv.slice(2);
try {
  const { stack } = await loadLibrary({ libraryPath });
  console.log(`loaded ${stack}`);
} catch (error) {
  const { code, message } = error as Error & { code?: string };
  console.log(code, message);
}
