// Written by `npm run build:native`; not to be edited.
//
// Of the sources c14779b2307fb37039455a0d1c50622c5088461cbcf3333a0317fd46e5ee0747, by
// linux-arm64-glibc: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-arm64-musl: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-glibc: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-musl: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2

/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "0.1.0",
  files: {
    "netsctp_kernel-linux-arm64-glibc.so": {
      sha256: "d7833ffc9b4fd2058a050cdee51fe2a2ff5229701b29308592c15001783a5c90",
      bytes: 133056,
    },
    "netsctp_kernel-linux-arm64-musl.so": {
      sha256: "c7eee67b9a487faa7eb10a950d40d70a32b0877dbbfa58631ff8f52741520e48",
      bytes: 132960,
    },
    "netsctp_kernel-linux-x64-glibc.so": {
      sha256: "2be698cad43a368bb67084c23b569dc4c26a0ea814fb1cd63576ad8f538a60a4",
      bytes: 116784,
    },
    "netsctp_kernel-linux-x64-musl.so": {
      sha256: "9ae4a400b04dcd95b1dbbe20cbab9ab65bb47ff65fff140907f45fbb53e862df",
      bytes: 116688,
    },
    "netsctp_userspace-linux-arm64-glibc.so": {
      sha256: "d9d8ceca41329781cd35688717393a1c6964ffab637d5dfc7aad086cfec4ec1d",
      bytes: 594776,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "74ffde92ffd41c6d2ed6cc42b0faae04238f7462202d95a7328852b761525fb0",
      bytes: 594680,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "57883fd0dc5e3c041bd5c3c78d5de00434f88bc50a282242984e3ff51df670e9",
      bytes: 619440,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "1d2b0370b34caba69658720d79d7552f869564aaefe19f9ac68e3d346b097ce8",
      bytes: 615248,
    },
  },
};
