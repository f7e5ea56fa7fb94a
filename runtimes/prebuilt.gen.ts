// Written by `npm run build:native`; not to be edited.
//
// Of the sources 8037c2f5c4528a50b6e606c200fa54c50ab66766a78d4db4729ca0b1645b30ee, by
// linux-arm64-glibc: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-arm64-musl: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-glibc: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-musl: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2

/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "0.1.0",
  files: {
    "netsctp_kernel-linux-arm64-glibc.so": {
      sha256: "fc9fd343cb316da335fcfe2b59648b0ead53fce8dbcd727c45ddbee1140bd36e",
      bytes: 133056,
    },
    "netsctp_kernel-linux-arm64-musl.so": {
      sha256: "61ce99a5af4540b737d090f1c1c4a41513e31dd544904ef474c046b90bf8eeec",
      bytes: 132960,
    },
    "netsctp_kernel-linux-x64-glibc.so": {
      sha256: "5013e4db39407d7dea3509db8fd93f8bf43a76dfa4b0f2c2553b3ac5fbd0db41",
      bytes: 108592,
    },
    "netsctp_kernel-linux-x64-musl.so": {
      sha256: "19ee507824715131bc6b26cd1e896786b5eaef097c7f17c9282c32ada3b8c59c",
      bytes: 108496,
    },
    "netsctp_userspace-linux-arm64-glibc.so": {
      sha256: "7a5475d24eedb13707e024dd2dc1f827ef31e41bc98074217a579ea2f84315e9",
      bytes: 594776,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "3494323c83c860bbb5f1083fd651c5338cad3b4a3fcf33f1b3ff02e9e9db0f69",
      bytes: 594680,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "5828b0f4cfa749b8c4d4942d1298ec2f7d7d2f283f324325107f491e04d56bf3",
      bytes: 611248,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "b7d798239702cf6ab08fdb3376eb6c917ea0b4eca414edef67f90ec35e197704",
      bytes: 607056,
    },
  },
};
