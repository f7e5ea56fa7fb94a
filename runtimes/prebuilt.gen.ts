// Written by `npm run build:native`; not to be edited.
//
// Of the sources fa48ca263d98e5fba9d05f27a33de247c9212cf7a7143ff7d9a1a52fe39c0df9, by
// linux-arm64-glibc: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-arm64-musl: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-glibc: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-musl: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2

/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "0.1.0",
  files: {
    "netsctp_kernel-linux-arm64-glibc.so": {
      sha256: "1fab054fca1716d60547bd02466a729aa0d46a89c1481be97478655db6e08a34",
      bytes: 133056,
    },
    "netsctp_kernel-linux-arm64-musl.so": {
      sha256: "37ac6334861ed4622c240aa43c68839fc56301e6c7ab2cc237616ac3a449f110",
      bytes: 132960,
    },
    "netsctp_kernel-linux-x64-glibc.so": {
      sha256: "d30f3d2d6063870e448bcc34b81268d65ef61621dd169d6080b5bd503367497a",
      bytes: 116784,
    },
    "netsctp_kernel-linux-x64-musl.so": {
      sha256: "9974e3c58241d6545a77cdac94f82c161141501d3a0f82d6208a6b32c87a95d1",
      bytes: 116688,
    },
    "netsctp_userspace-linux-arm64-glibc.so": {
      sha256: "147c768da1bbd1a71131a2dd0b8410f4e8580056241438045a0b2c7b1b5c07b6",
      bytes: 594776,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "9e5ac33f9b95ed6d5c93a310ffde335a13898953773a3ff92740d4fcc0352c37",
      bytes: 594680,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "a2df9ea92348dcd178998df9b0917445d691f13844c1a2a1b4c295f0e22d7c88",
      bytes: 619440,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "1144beec0ed61fd3a5aae3a565bb74c142d9f9a55624bfa06287d2b2450c4c5c",
      bytes: 615248,
    },
  },
};
