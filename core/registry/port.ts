/** Ports that protocols over SCTP use, as IANA has registered them. */

/**
 * SCTP ports by protocol: IANA's registry, as far as Wireshark knows it as well, which a test compares.
 *
 * @example
 * ```ts
 * import { PORT } from "netsctp";
 *
 * console.log(PORT.NGAP); // 38412
 * ```
 */
export const PORT = {
  SSH: 22,
  HTTP: 80,
  M2UA: 2904,
  M3UA: 2905,
  H248: 2944,
  M2PA: 3565,
  ASAP: 3863,
  DIAMETER: 3868,
  V5UA: 5675,
  DIAMETER_DTLS: 5868,
  LCS_AP: 9082,
  IUA: 9900,
  ENRP: 9901,
  SUA: 14001,
  SGSAP: 29118,
  SBC_AP: 29168,
  RUA: 29169,
  S1AP: 36412,
  X2AP: 36422,
  M2AP: 36443,
  M3AP: 36444,
  E2AP: 37464,
  NGAP: 38412,
  XNAP: 38422,
  E1AP: 38462,
  F1AP: 38472,
} as const;
