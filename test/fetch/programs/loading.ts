/** stackInfo(), counters(), then loadLibrary() twice, then stackInfo() again; prints the results, or CODE message. */
import { counters, loadLibrary, stackInfo } from "netsctp";

async function tell(act: () => unknown): Promise<void> {
  try {
    console.log(JSON.stringify(await act()));
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    console.log(`${code} ${message}`);
  }
}

await tell(() => stackInfo("userspace"));
await tell(() => counters("userspace").calls >= 0);
await tell(() => loadLibrary({ stack: "userspace" }));
await tell(() => loadLibrary({ stack: "userspace" }));
await tell(() => stackInfo("userspace"));
