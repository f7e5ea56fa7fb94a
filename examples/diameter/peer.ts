// One Diameter connection, from either end: sends requests and finds their answers, answers what every node must answer.
import { Buffer } from "node:buffer";
import { randomInt } from "node:crypto";
import type { Message, Socket } from "netsctp";
import { address, type Attribute, AVP, COMMAND, COMMAND_UNSUPPORTED, decode, encode } from "./messages.ts";
import { type DiameterMessage, nameOf, PPID, SUCCESS } from "./messages.ts";

const RELAY = 0xffffffff; // the application of nodes that pass on everything: every peer has it in common with them
const REBOOTING = 0; // Disconnect-Cause

export class Peer {
  readonly #socket: Socket;
  readonly #identity: Attribute[];
  /** Whom to give which answer, by hop-by-hop identifier. */
  readonly #awaited = new Map<number, (answer: DiameterMessage) => void>();
  #hopByHop = randomInt(2 ** 32);
  /** Told of each request that has been answered. */
  onRequest: (command: number) => void = () => {};

  constructor(socket: Socket, host: string, realm: string) {
    this.#socket = socket;
    this.#identity = [[AVP.ORIGIN_HOST, host], [AVP.ORIGIN_REALM, realm]];
    socket.on("data", (message) => {
      try {
        this.#take(message);
      } catch (error) {
        socket.destroy(error as Error); // ABORT: there is no reasonable way on
      }
    });
  }

  #take(bytes: Message): void {
    // Some nodes leave the identifier 0, freeDiameter 1.2.1 for one. Any other is for somebody else.
    if (bytes.ppid !== PPID && bytes.ppid !== 0) {
      throw new Error(`identifier ${bytes.ppid} is not Diameter's`);
    }
    const message = decode(bytes);
    console.log(`< ${nameOf(message)} on stream ${bytes.sid} from ${message.avps.get(AVP.ORIGIN_HOST)}`);
    if (message.isRequest) return this.#answer(message, bytes.sid);
    this.#awaited.get(message.hopByHop)?.(message);
    this.#awaited.delete(message.hopByHop);
  }

  #send(message: Omit<DiameterMessage, "avps">, attributes: Attribute[], sid: number): void {
    console.log(`> ${nameOf(message)} on stream ${sid}`);
    const bytes = encode(message, [...this.#identity, ...attributes]);
    this.#socket.write(Object.assign(bytes, { sid, ppid: PPID }));
  }

  #answer(request: DiameterMessage, sid: number): void {
    const known = Object.values(COMMAND).includes(request.command);
    const result: Attribute = [AVP.RESULT_CODE, known ? SUCCESS : COMMAND_UNSUPPORTED];
    const isExchange = request.command === COMMAND.CAPABILITIES_EXCHANGE;
    this.#send({ ...request, isRequest: false }, [result, ...(isExchange ? this.#capabilities() : [])], sid);
    this.onRequest(request.command);
  }

  /** What CER and CEA say of a node (RFC 6733 section 5.3.1). */
  #capabilities(): Attribute[] {
    return [
      [AVP.HOST_IP_ADDRESS, address(this.#socket.localAddress!)],
      [AVP.VENDOR_ID, 0],
      [AVP.PRODUCT_NAME, "netsctp example"],
      [AVP.AUTH_APPLICATION_ID, RELAY],
    ];
  }

  /** Sends a request; gives its answer, which has to be a success. */
  #request(command: number, attributes: Attribute[] = []): Promise<DiameterMessage> {
    const hopByHop = this.#hopByHop = (this.#hopByHop + 1) >>> 0;
    const message = { isRequest: true, command, application: 0, hopByHop, endToEnd: hopByHop };
    return new Promise((resolve, reject) => {
      this.#socket.once(
        "close",
        () => reject(new Error(`the connection ended before ${nameOf(message)} was answered`)),
      );
      this.#awaited.set(hopByHop, (answer) => {
        const result = answer.avps.get(AVP.RESULT_CODE)?.readUInt32BE();
        const why = answer.avps.get(AVP.ERROR_MESSAGE) ?? Buffer.from("no reason given");
        if (result === SUCCESS && answer.command === command) resolve(answer);
        else reject(new Error(`${nameOf(message)} was refused with ${result}: ${why}`));
      });
      this.#send(message, attributes, 0);
    });
  }

  /** The first thing on a connection, from whoever began it: who are you, and what can you do? */
  exchangeCapabilities(): Promise<DiameterMessage> {
    return this.#request(COMMAND.CAPABILITIES_EXCHANGE, this.#capabilities());
  }

  /** Are you there? */
  watchdog(): Promise<DiameterMessage> {
    return this.#request(COMMAND.DEVICE_WATCHDOG);
  }

  /** Good bye. Whoever asked ends the connection. */
  async disconnect(): Promise<void> {
    await this.#request(COMMAND.DISCONNECT_PEER, [[AVP.DISCONNECT_CAUSE, REBOOTING]]);
    this.#socket.end();
  }
}
