// Written by `npm run build:native`; not to be edited.
//
// Of the sources dc826db98b31c920deeceea886a51660966e8b872b56a06ac5c1b761f60ade75, by
// linux-arm64-glibc: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-arm64-musl: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-glibc: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-musl: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2

/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "0.1.0",
  files: {
    "netsctp_kernel-linux-arm64-glibc.so": {
      sha256: "2482f2c7fea3d1b52d51016e365d8ea68a307eebe34dc65505a2fec93511099e",
      bytes: 132976,
    },
    "netsctp_kernel-linux-arm64-musl.so": {
      sha256: "325add63b24fbe2ce43b926bcbb63b1b3c130130c3a2071d6917c29430d690a9",
      bytes: 132880,
    },
    "netsctp_kernel-linux-x64-glibc.so": {
      sha256: "226069eadff73f4f3675bc9b7d2626a6c5f0df4565d8532e45b3e066a04547d0",
      bytes: 87992,
    },
    "netsctp_kernel-linux-x64-musl.so": {
      sha256: "79d8e11b33a60e9352125734d15c4a50af2a693ac88a42d7d679e699be7bcd9d",
      bytes: 87896,
    },
    "netsctp_userspace-linux-arm64-glibc.so": {
      sha256: "f4766d04f029bebef505eb79dc921f0eaa34c834de575750d9ec27baf29309fe",
      bytes: 594656,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "af1e403bbbeece48fdd727b5b49cf8e4e42997fd8cdc9bac9599869375139647",
      bytes: 594560,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "319c177c4dd06c6dbad7f5a17222541ca6715f8d4f03eb713e4404f26fa689ca",
      bytes: 594728,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "e083747c179b1585c34fd08b1098dd3265a1473d8368af8140ea50f3b8e7e591",
      bytes: 590536,
    },
  },
};
