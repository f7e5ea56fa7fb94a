/** Payload protocol identifiers, as IANA has registered them. */

/**
 * Payload protocol identifiers by name: IANA's registry, as far as Wireshark knows it as well, which a test compares.
 * Host order, as all identifiers here.
 *
 * @example
 * ```ts
 * import { PPID } from "netsctp";
 *
 * console.log(PPID.NGAP); // 60
 * ```
 */
export const PPID = {
  IUA: 1,
  M2UA: 2,
  M3UA: 3,
  SUA: 4,
  M2PA: 5,
  V5UA: 6,
  H248: 7,
  BICC: 8,
  TALI: 9,
  DUA: 10,
  ASAP: 11,
  ENRP: 12,
  H323: 13,
  QIPC: 14,
  SIMCO: 15,
  DDP_SEGMENT: 16,
  DDP_SESSION: 17,
  S1AP: 18,
  RUA: 19,
  HNBAP: 20,
  FORCES_HP: 21,
  FORCES_MP: 22,
  FORCES_LP: 23,
  SBC_AP: 24,
  NBAP: 25,
  X2AP: 27,
  IRCP: 28,
  LCS_AP: 29,
  MPICH2: 30,
  SABP: 31,
  FGP: 32,
  PPP: 33,
  CALCAPP: 34,
  SSP: 35,
  NETPERFMETER_CONTROL: 36,
  NETPERFMETER_DATA: 37,
  ECHO: 38,
  DISCARD: 39,
  DAYTIME: 40,
  CHARGEN: 41,
  RNA: 42,
  M2AP: 43,
  M3AP: 44,
  SSH: 45,
  DIAMETER: 46,
  DIAMETER_DTLS: 47,
  R14P: 48,
  GDT: 49,
  WEBRTC_CONTROL: 50,
  WEBRTC_STRING: 51,
  WEBRTC_BINARY: 53,
  PUA: 55,
  WEBRTC_STRING_EMPTY: 56,
  WEBRTC_BINARY_EMPTY: 57,
  XWAP: 58,
  XW_CP: 59,
  NGAP: 60,
  XNAP: 61,
  F1AP: 62,
  E1AP: 64,
  ELE2: 65,
  NGAP_DTLS: 66,
  XNAP_DTLS: 67,
  F1AP_DTLS: 68,
  E1AP_DTLS: 69,
  E2_CP: 70,
  E2_UP: 71,
  E2_DU: 72,
  W1AP: 73,
} as const;

const names = new Map<number, string>(Object.entries(PPID).map(([name, ppid]) => [ppid, name]));

/** The name that an identifier has in `PPID`. */
export function ppidName(ppid: number): string | undefined {
  return names.get(ppid);
}
