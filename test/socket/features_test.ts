/** socket.features: what both ends have, the same at both. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type NegotiatedFeatures, type SctpOptions } from "netsctp";
import { stack } from "../helpers/capabilities.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

const auth = { keys: { 1: Buffer.from("secret") }, active: 1 };

/** What one end asks for, and whether both have it then: where both ask, and where one does. */
type Row = [feature: keyof NegotiatedFeatures, asks: SctpOptions, asksNot: SctpOptions];
const ROWS: Row[] = [
  ["auth", { auth }, {}],
  ["dynamicAddresses", { dynamicAddresses: true }, { dynamicAddresses: false }],
  ["partialReliability", { partialReliability: true }, { partialReliability: false }],
  ...stack === "kernel" ? [["ecn", { ecn: true }, { ecn: false }] as Row] : [],
];

async function featuresOf(server: SctpOptions, client: SctpOptions) {
  const pair = await connectedPair({ server: { sctp: server }, client: { sctp: client } });
  const both = [pair.client.features!, pair.peer.features!];
  await pair.close();
  return both;
}

for (const [feature, asks, asksNot] of ROWS) {
  test(`${feature}, where both ends ask for it`, async () => {
    for (const features of await featuresOf(asks, asks)) assert.is(features[feature], true);
  });

  if (stack === "userspace" && feature === "auth") continue; // its end always can
  test(`${feature}, where one end does`, async () => {
    for (const features of await featuresOf(asks, asksNot)) assert.is(features[feature], false);
    for (const features of await featuresOf(asksNot, asks)) assert.is(features[feature], false);
  });
}

test("both ends say the same, of all there is", async () => {
  const [client, peer] = await featuresOf({}, {});
  assert.equal(client, peer);
  const names = ["auth", "dynamicAddresses", "ecn", "interleaving", "partialReliability", "reconfiguration"];
  assert.equal(Object.keys(client!).sort(), names);
  for (const value of Object.values(client!)) assert.type(value, "boolean");
  if (stack === "userspace") assert.equal([client!.ecn, client!.interleaving], [false, false]);
});

test("none before the association is up; afterwards what was known", async () => {
  const server = await listening();
  server.on("connection", (peer) => peer.resume());
  const client = connect(endpointOf(server)).resume();
  assert.is(client.features, undefined);
  await once(client, "connect");
  const features = client.features!;
  assert.is(features.partialReliability, true);
  client.end();
  await once(client, "close");
  assert.equal(client.features, features);
  await closed(server);
});

test("of an association that nobody asked before its end none is known", async () => {
  const { client, peer, server } = await connectedPair();
  peer.resume().end();
  client.resume();
  await once(client, "close");
  assert.is(client.features, undefined);
  await closed(server);
});

test.run();
