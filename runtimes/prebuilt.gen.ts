// Written by `npm run build:native`; not to be edited.
//
// Of the sources 37a98e01bf330cd68bd42ef4b1f91560e7a47ca6a7ae9f4084332a72b27328c4, by
// linux-arm64-glibc: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-arm64-musl: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-glibc: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-musl: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2

/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "0.1.0",
  files: {
    "netsctp_kernel-linux-arm64-glibc.so": {
      sha256: "443eaa774ce7abffbc2272f4ca74be8b2260d045bf6649e3ed9f405872df2b84",
      bytes: 133056,
    },
    "netsctp_kernel-linux-arm64-musl.so": {
      sha256: "2a86d6c8b7000b3cd4bf1dc2db7e945e85d7b62598e04671a614642dc52365cc",
      bytes: 132960,
    },
    "netsctp_kernel-linux-x64-glibc.so": {
      sha256: "7870fabafb1069bab63e00d4ebf90f4c3fcfe3c5cc2d1738683ea9f8ddc51828",
      bytes: 116784,
    },
    "netsctp_kernel-linux-x64-musl.so": {
      sha256: "d5b37b61459a20b3d714c189a3540cd5e852c7804ca2a1ed16588f351b8ea65c",
      bytes: 112592,
    },
    "netsctp_userspace-linux-arm64-glibc.so": {
      sha256: "5077effa160844f339a8b77c7a29eb18be4e416591d705efa68057f95309c7db",
      bytes: 594776,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "ab7467754e851786e4914b7787a7c6bfa62570edcb514fe85ebd0eaf19d6250b",
      bytes: 594680,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "e1d3f6e826431cee4abfbe10359ac59a8ee02f53d8090a3a1acd3e710604595d",
      bytes: 619440,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "80d9a49fbd640c8a6b0f410dc1a071c9cd187613ff66a27e0cddcb42a5f710a8",
      bytes: 615248,
    },
  },
};
