// Written by `npm run build:native`; not to be edited.
//
// Of the sources 7be208e6c8a541a5194827baf8393149817b0f9db0086bcb3c2b0d98a4d5105f, by
// linux-arm64-glibc: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-arm64-musl: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-glibc: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-musl: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2

/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "0.1.0",
  files: {
    "netsctp_kernel-linux-arm64-glibc.so": {
      sha256: "5f0dce940b752e85e7affd090d1de4b4a3e537254405d9bd1b67b7283175d638",
      bytes: 133056,
    },
    "netsctp_kernel-linux-arm64-musl.so": {
      sha256: "d32c075d43f3355f498ce5d7a108f93b8434a01aabbf20a44f2787afc1b0217a",
      bytes: 132960,
    },
    "netsctp_kernel-linux-x64-glibc.so": {
      sha256: "21da911627ef6ddfbcf9ddfe4bc9101c985e467aa31b5bc9279fe3e251d25e58",
      bytes: 116784,
    },
    "netsctp_kernel-linux-x64-musl.so": {
      sha256: "96976e950dfe05b85d426e17e104831358b08fd1d64fd08ccecf6f461135104a",
      bytes: 112592,
    },
    "netsctp_userspace-linux-arm64-glibc.so": {
      sha256: "ce87c5e62ecdb9b0683f8f982abe592f71bb2d7486c57939b1a17973d77ad0c3",
      bytes: 594776,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "7d11bb0cb80be92640049420df5594efe7ceaa792b6897699cfbf3c431de21b9",
      bytes: 594680,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "4d345840c3f72d52b04ece96cd0f428fa0e278b9a756edf93cec52be884e9ad0",
      bytes: 619440,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "06eefbbb22d3ba25f3059c6a39b9a51abe92bf834662ed0cede01f4f31d5a4fa",
      bytes: 615248,
    },
  },
};
