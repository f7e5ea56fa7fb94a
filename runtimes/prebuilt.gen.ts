// Written by `npm run build:native`; not to be edited.
//
// Of the sources b5cedb2c00fdad53961674aa7518d4527413a40e89a956edb2b658cfca677d56, by
// linux-arm64-glibc: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-arm64-musl: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-glibc: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-musl: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2

/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "0.1.0",
  files: {
    "netsctp_kernel-linux-arm64-glibc.so": {
      sha256: "cfbc43a930a0315f2f1f01c7f1f3a93806274e2b34d13cc27533709592c6a4f3",
      bytes: 133056,
    },
    "netsctp_kernel-linux-arm64-musl.so": {
      sha256: "f05faddfab0f0b0566d0f893506716564338dcd12ea202ca24c39b03169110ea",
      bytes: 132960,
    },
    "netsctp_kernel-linux-x64-glibc.so": {
      sha256: "93c940d20188a889752765b6442150605f8f390b094eaa24005ebd75b8cbbb46",
      bytes: 116784,
    },
    "netsctp_kernel-linux-x64-musl.so": {
      sha256: "d50caa97a6803db7ffb3c78df0bcb11220f26113fc2e764cd7a5fd8e35c34ac7",
      bytes: 116688,
    },
    "netsctp_userspace-linux-arm64-glibc.so": {
      sha256: "2b9a57dd30aae1a6a5c809807bee33c291d197965be9cdedbc3fa834b525f587",
      bytes: 594776,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "079967b7e365207b9d9f3d8e1fbfc61b7eba052cd52e033cf88669aa601a61f2",
      bytes: 594680,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "a8f794cccb571369a977487a44ef3d3338b60f64852667e16b3c069fabcfeb0f",
      bytes: 619440,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "302cfc8b30aa5aa145b6dc9d1a9b98691e60cbd7474c85a708e7af41fad577a6",
      bytes: 615248,
    },
  },
};
