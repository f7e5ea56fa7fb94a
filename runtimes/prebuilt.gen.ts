// Written by `npm run build:native`; not to be edited.
//
// Of the sources a7c4e97627c3cd8bd801906a055bf10b42c0a1ab589e8faab26733ea7e1c988f, by
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
      sha256: "a95882429ef2013c55091366ca243275e539ed8f7848e9bff2facee66cb1f458",
      bytes: 594656,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "8945243a0eff5a911d264b59614dff46999ff8b8b1113cbaf0e9b209d80f2cbc",
      bytes: 594560,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "bcc35d21af8842634991deb70e7c80a5c4e40ef22f6fb8abf7b6d5301e42cb55",
      bytes: 594728,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "c2d5fcf8d39ae1a7c96a209832853d3bf2a5800e81dd7b54d8b5e7ca517a44ab",
      bytes: 590536,
    },
  },
};
