// Written by `npm run build:native`; not to be edited.
//
// Of the sources 2e3ec89830de79f6f03d6674dbc240f2d234e6e2cbad1d9f9f0fdabe32c91c5d, by
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
      sha256: "658d90718f66876e2a77571dd48a5bbe62bbf2df5fc1bd06d956fe5172f10f37",
      bytes: 594776,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "563627c52d323679c466d7c319fe7983f510ba8d1c77744ceb091005fe834027",
      bytes: 594680,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "2c321a5b6d5b7dba3a4cbd9513f71cc86120210b7d41d79ad88b888bc0f2a5f3",
      bytes: 619440,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "04315cda271c135148d85de3f5107df1255a56a35e7de8d60385212763341a9a",
      bytes: 615248,
    },
  },
};
