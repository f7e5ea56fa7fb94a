// Written by `npm run build:native`; not to be edited.
//
// Of the sources 82823799bf99ca2bcedce06cfce576806aeb3b1ad08136ff3a92a87eba480aaf, by
// linux-arm64-glibc: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-arm64-musl: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-glibc: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-musl: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2

/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "0.1.0",
  files: {
    "netsctp_kernel-linux-arm64-glibc.so": {
      sha256: "20920ff845e2bd7d7c5a17163686f552a559f8d2754cbee73362d4246507f38e",
      bytes: 132976,
    },
    "netsctp_kernel-linux-arm64-musl.so": {
      sha256: "c7c32cb2c7621a40aac140df1e5182125b49f46ec10cfe34b9be2cc739fffaaa",
      bytes: 132880,
    },
    "netsctp_kernel-linux-x64-glibc.so": {
      sha256: "82b5e626158af847ee9920257eae77ee8fa361de51ac954f294089f7303acec5",
      bytes: 87992,
    },
    "netsctp_kernel-linux-x64-musl.so": {
      sha256: "fbe20db3bee2fac21c728a25a024d29b5c8c8bce188244b4df09733358b26ed6",
      bytes: 87896,
    },
    "netsctp_userspace-linux-arm64-glibc.so": {
      sha256: "e0226b456d8cc6259d0461f8e3701be56e6d62dee26186b4e6e179637c83c4f6",
      bytes: 594656,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "3973bcc7aed2c7c3a4cee4f489e692a0d2125b810f064b602f655f479d3bd577",
      bytes: 594560,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "68c955f7c2bea49ae3d0288e9fd61d404a14b48ef50ead9113d55abaed7624bc",
      bytes: 594728,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "e798716ef82c01dd6116e1b7d53994d477ea482924342691e54e9b0a28f81d5e",
      bytes: 590536,
    },
  },
};
