/** What messages are sent with, for tests of queues. */
import { PLAIN, type SendPlan } from "../../core/options/send_options.ts";

export function plain(stream = 0, ppid = 0): SendPlan {
  return { ...PLAIN, stream, ppid };
}
