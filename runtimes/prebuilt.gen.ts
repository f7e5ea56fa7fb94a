// Written by `npm run build:native`; not to be edited.
//
// Of the sources 5488f1258a6a4e3ee2d211126ced60a2abffe1b0d9ae76cf48bfab1f00f5c5aa, by
// linux-arm64-glibc: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-arm64-musl: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-glibc: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-musl: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2

/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "0.1.0",
  files: {
    "netsctp_kernel-linux-arm64-glibc.so": {
      sha256: "3b34eae70fabdd2e79259a6296648b8bea3fb53a914bde56367e9ef5ce255ff0",
      bytes: 133056,
    },
    "netsctp_kernel-linux-arm64-musl.so": {
      sha256: "6aca7577c39f68d702c835c6306c5df13bd3b0292e28cb3345eea5eadfa376c9",
      bytes: 132960,
    },
    "netsctp_kernel-linux-x64-glibc.so": {
      sha256: "4662d6f877964e2916d92b56a83d93c569c9fff21f8e556414ac0a52438d4217",
      bytes: 104496,
    },
    "netsctp_kernel-linux-x64-musl.so": {
      sha256: "2c1e514959d8bafbad5e24095dd82cd2eb21d98652ebc234e05d175bc767e8ec",
      bytes: 104400,
    },
    "netsctp_userspace-linux-arm64-glibc.so": {
      sha256: "5b663aff6f43b07f6ce8c2ad55979579d97916647adb5e45ba0d8bddc8938692",
      bytes: 594776,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "57bf6032d8efff3fe5c574561633b94ae6a098ab1eedbe67227b6f26de64d539",
      bytes: 594680,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "d34fb9197c0358f45e71300d2c20d84aa82e9c5a3a33749a0a27173ea7e7e14c",
      bytes: 607176,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "c3f8d51044344ceceee84c6b972f35ebe495552b22602a711837ea267a570a2c",
      bytes: 602984,
    },
  },
};
