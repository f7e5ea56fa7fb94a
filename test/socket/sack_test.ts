/** sctp.sack reaches the association at either end: who acknowledges at once is heard before who may wait. */
import { once } from "node:events";
import { clearInterval, setInterval } from "node:timers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type AssociationOptions, connect, type Notification, type Socket } from "netsctp";
import { stack } from "../helpers/capabilities.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";

interface Link {
  /** The end whose messages are acknowledged. */
  sender: Socket;
  close(): Promise<void>;
}

/** Waits for the next word that all that was sent is acknowledged. */
function dry({ sender }: Link): Promise<void> {
  return new Promise((resolve) => {
    const onNotification = ({ parsed }: Notification) => {
      if (parsed.type !== "sender-dry") return;
      sender.off("notification", onNotification);
      resolve();
    };
    sender.on("notification", onNotification);
  });
}

/** The first message of all is acknowledged at once, whatever is set; and whoever asks when nothing is outstanding is
 * told so at once (RFC 6458 section 6.1.9). */
async function quiet(link: Link): Promise<void> {
  link.sender.write("first");
  while (link.sender.status().unackdata > 0) await new Promise((resolve) => setImmediate(resolve));
  await dry(link);
}

/** Links to one server whose receiving end has these options, one after the other. */
async function links(
  end: "server" | "client",
  options: AssociationOptions,
  count: number,
): Promise<{ links: Link[]; close(): Promise<void> }> {
  const server = await listening(end === "server" ? options : {});
  const made: Link[] = [];
  for (let i = 0; i < count; i++) {
    const client = connect({ ...endpointOf(server), ...(end === "client" && options) });
    const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
      [Socket],
      unknown,
    ];
    const [sender, receiver] = end === "server" ? [client, peer] : [peer, client];
    const closedBoth = Promise.all(
      [client, peer].map((one) => new Promise((resolve) => one.on("close", resolve))),
    );
    receiver.resume();
    const link = {
      sender,
      async close() {
        client.resume().end();
        peer.resume();
        await closedBoth;
      },
    };
    await quiet(link);
    made.push(link);
  }
  return {
    links: made,
    async close() {
      await Promise.all(made.map((link) => link.close()));
      await closed(server);
    },
  };
}

/** Who is acknowledged, in that order, when each sends one message in the order given. */
async function order(...named: Array<[name: string, link: Link]>): Promise<string[]> {
  const heard: string[] = [];
  await Promise.all(named.map(([name, link]) => {
    const acknowledged = dry(link).then(() => heard.push(name));
    link.sender.write("x");
    return acknowledged;
  }));
  return heard;
}

// The stack's own delays are 200 ms and, in userspace, 40 ms: longer than the 10 ms they are compared with, by twice this.
const MOST_STALLED_MS = stack === "kernel" ? 95 : 15;

/** What a trial gave in which this process, which has both ends, was never stalled: else what is late hides the order. */
async function unstalled<T>(trial: () => Promise<T>): Promise<T> {
  for (;;) {
    let [last, longest] = [performance.now(), 0];
    const look = () => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    };
    const watch = setInterval(look, 1);
    const result = await trial();
    look();
    clearInterval(watch);
    if (longest <= MOST_STALLED_MS) return result;
  }
}

const SPELLINGS: Array<[string, (sack: { delay?: number; freq?: number }) => AssociationOptions]> = [
  ["sctp.sack", (sack) => ({ sctp: { sack } })],
  ["sack", (sack) => ({ sack })],
];

// Two of each in turn, so that no order in which equal ones may come is the one that is expected.
for (const end of ["server", "client"] as const) {
  for (const [spelling, optionsOf] of SPELLINGS) {
    test(`${spelling}.freq of the ${end}: with 1, each message is acknowledged at once; with 2, a lone one waits`, async () => {
      const slow = await links(end, optionsOf({ delay: 500, freq: 2 }), 2);
      const quick = await links(end, optionsOf({ delay: 500, freq: 1 }), 2);
      const [[slow1, slow2], [quick1, quick2]] = [slow.links, quick.links] as [[Link, Link], [Link, Link]];
      const heard = await order(["slow", slow1], ["quick", quick1], ["slow", slow2], ["quick", quick2]);
      assert.equal(heard, ["quick", "quick", "slow", "slow"]);
      await Promise.all([slow.close(), quick.close()]);
    });
  }

  test(`sctp.sack.delay of the ${end}: 500 ms are longer than the stack's own, 10 ms are shorter`, async () => {
    const slow = await links(end, { sctp: { sack: { delay: 500 } } }, 2);
    const usual = await links(end, {}, 1);
    const quick = await links(end, { sctp: { sack: { delay: 10 } } }, 2);
    const [[slow1, slow2], [quick1, quick2]] = [slow.links, quick.links] as [[Link, Link], [Link, Link]];
    const heard = await unstalled(() =>
      order(
        ["slow", slow1],
        ["quick", quick1],
        ["usual", usual.links[0]!],
        ["slow", slow2],
        ["quick", quick2],
      )
    );
    assert.equal(heard, ["quick", "quick", "usual", "slow", "slow"]);
    await Promise.all([slow.close(), usual.close(), quick.close()]);
  });
}

test.run();
