// Written by `npm run build:native`; not to be edited.
//
// Of the sources 53485a7736c7561a42a2634f1c415648af82441f41e80141f83256a0cf231c91, by
// linux-arm64-glibc: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-arm64-musl: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-glibc: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-musl: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2

/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "0.1.0",
  files: {
    "netsctp_kernel-linux-arm64-glibc.so": {
      sha256: "d8cdb407bf8e83f666818422d501ce2fff5abcc37462c64facb7c4205450e208",
      bytes: 133056,
    },
    "netsctp_kernel-linux-arm64-musl.so": {
      sha256: "4b7f7e44d3ebc436f51cd35daae43b36b7c9045a4c202ebff217a6bc961f3031",
      bytes: 132960,
    },
    "netsctp_kernel-linux-x64-glibc.so": {
      sha256: "dd2ff29434fa28025d24159ea38fc4dd92d5fa2947ded318636e364bcb37997f",
      bytes: 108592,
    },
    "netsctp_kernel-linux-x64-musl.so": {
      sha256: "f12b50e0609330731cd09abd943876a39871963aadbe8a344a459c15e836d547",
      bytes: 108496,
    },
    "netsctp_userspace-linux-arm64-glibc.so": {
      sha256: "56f09e195bac11077788ebd990dfeba3e890ac360ef803333a883b7aabf49d4c",
      bytes: 594776,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "cb24939d282e569d9b9270272bb92679a436655ae4d7ef5183e8e6c3d9f20216",
      bytes: 594680,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "b07f34dfdaacd57b99fa296efcc15d59688d366823979bebfd79ff3840c24903",
      bytes: 611248,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "a6a7f97f58c8d59554cc1964cbd573991878203e601fb2eaf92811dbfda3974d",
      bytes: 607056,
    },
  },
};
