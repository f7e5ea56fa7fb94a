// Written by `npm run build:native`; not to be edited.
//
// Of the sources 48440fc1188fa8229168cf380b9689584819473e22f45789bd69b3b83c555948, by
// linux-arm64-glibc: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-arm64-musl: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-2, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-glibc: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-musl: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-2, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2

/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "0.1.0",
  files: {
    "netsctp_kernel-linux-arm64-glibc.so": {
      sha256: "fe04e91bf599c151191d45d666cea8be1515e9f31ebe983b76cb4b14605d8f1f",
      bytes: 67368,
    },
    "netsctp_kernel-linux-arm64-musl.so": {
      sha256: "831419a3dba25572faaa10a406d5e8c04d351dae9b739447667abb349b85c4c2",
      bytes: 67280,
    },
    "netsctp_kernel-linux-x64-glibc.so": {
      sha256: "10c2716437ef7baaaca9f5fb8de30e789097e5f3f52134677f275596b6fbfad6",
      bytes: 71536,
    },
    "netsctp_kernel-linux-x64-musl.so": {
      sha256: "b81fde279895894d4212d6bab50e65921174ccb97e7aabba3141cd2c45299d2b",
      bytes: 71440,
    },
    "netsctp_userspace-linux-arm64-glibc.so": {
      sha256: "1360029a144581a74a0f354b11215cc0e9d62d657ce382a6b8e5908a7797a30c",
      bytes: 529064,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "937fe27266af402252269f005c3aca86968647bdfbeb8c20ebf5662d849d5af3",
      bytes: 528968,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "d4d302eefe039ab9d7fafa60a7541e8326eb8710be26c461cf9dc70108ced637",
      bytes: 553728,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "6c8b1cdcc3f5ebc7b610087966043f30e837d78ebd8bfdd01f27aa163c1a6209",
      bytes: 549544,
    },
  },
};
