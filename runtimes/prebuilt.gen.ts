// Written by `npm run build:native`; not to be edited.
//
// Of the sources 3d795430048dfa5f7ae3019252aa46b941fdb6c0dbcc98ac71e7b0b03867a2cf, by
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
      sha256: "85eadb785ac45af4a73feab1f17faac4ff783568d7d79168d6fbb5283902094b",
      bytes: 594776,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "54b4ddc00bd379520b99b8a0a34ac103bbb17d68ea73e77cb7e337db2d61642a",
      bytes: 594680,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "761f00c7c954c8d60a2b1319376b492226d39369bb3b7fafd7dd6517ee0493ec",
      bytes: 619440,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "c749cf6d6ee582bea5b0cc9fc463e63672abdf2283b01f2b6bd4bb803889fbf5",
      bytes: 615248,
    },
  },
};
