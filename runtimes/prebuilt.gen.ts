// Written by `npm run build:native`; not to be edited.
//
// Of the sources 1935de2ce58f199a842db475e0dc41d7d63407dc9cd34d0950ebce47bb013276, by
// linux-arm64-glibc: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-arm64-musl: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-glibc: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-musl: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2

/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "0.1.0",
  files: {
    "netsctp_kernel-linux-arm64-glibc.so": {
      sha256: "31f2d9e2539cb4fcfb5294cf84b140e1d1f6df1bd6333e04ea6d413b727b3d51",
      bytes: 132976,
    },
    "netsctp_kernel-linux-arm64-musl.so": {
      sha256: "9a3dadf9b606249d918d77990287f94c7fe4c2afbf9ac6e7f94e655b2d49a78a",
      bytes: 132880,
    },
    "netsctp_kernel-linux-x64-glibc.so": {
      sha256: "4dfccc7038d794400a07150f885a198c0b0690e0143905a829d3cc1e6fa030d5",
      bytes: 87992,
    },
    "netsctp_kernel-linux-x64-musl.so": {
      sha256: "5c68d63fbb4e20f4cf247a71d049bbc64bb82f56140aa8a4899760741cfd917a",
      bytes: 87896,
    },
    "netsctp_userspace-linux-arm64-glibc.so": {
      sha256: "ea34ccc07deb995eecd10a768b19640b3d03a5c97c0356ec1a0086e4ce7ca48d",
      bytes: 594656,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "079cc59695cdc444d6e61678cddc4cf78076d5c64143044080c1a33505778791",
      bytes: 594560,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "8e00560c8fb4fd70e4588587d154c8dcae1ebfc5cd6bd6c76e75f0f190445098",
      bytes: 594728,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "fdb2a625d73b1e1e79752b4a78417675449058b6d5628409e9011373c0ef15d3",
      bytes: 590536,
    },
  },
};
