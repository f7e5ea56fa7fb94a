// Written by `npm run build:native`; not to be edited.
//
// Of the sources 31305b7697009bc278d2cc2bf669161ee1ca96b682261e3fcce5692ef2b06dd2, by
// linux-arm64-glibc: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-arm64-musl: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-2, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-glibc: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-musl: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-2, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2

/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "0.1.0",
  files: {
    "netsctp_kernel-linux-arm64-glibc.so": {
      sha256: "ead97fead916269c60722e2f2877cd980bbaad49fe3704363270e984828e4ae0",
      bytes: 132904,
    },
    "netsctp_kernel-linux-arm64-musl.so": {
      sha256: "6467a635d3847d6722ba1d3f1b84173ce4de49b4958334fd9de40e03d413b3d2",
      bytes: 132816,
    },
    "netsctp_kernel-linux-x64-glibc.so": {
      sha256: "cab4f4ec6dc0ced919cfea0c06b4630a402e62d09a17d77ea401dddcfd02df7e",
      bytes: 87920,
    },
    "netsctp_kernel-linux-x64-musl.so": {
      sha256: "6c75aa67d074c8ad1f821e32edb9456a775da5ac79afc3b45cc8d205d3212b06",
      bytes: 87824,
    },
    "netsctp_userspace-linux-arm64-glibc.so": {
      sha256: "02aac6ead22df563f01ab69c62f8a501b16c7218458ae1c7fa4f314383feacef",
      bytes: 594584,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "1d2e1a0f9fd3d599565d3b7ce44b9829103e5cf4c7ac93df80491801257d350f",
      bytes: 528952,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "6827a3233ec7a9c4bfadcb2e819ab8b162ec0a87e857b3dfcc3608d3ce9660af",
      bytes: 590560,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "564695288460d563ddff9c07d21a79f41449c38d991b8461564c0a3f1aee953a",
      bytes: 586376,
    },
  },
};
