// Written by `npm run build:native`; not to be edited.
//
// Of the sources 2646b36ee90acae579888e6dc3669dce705b3d970cf00da1012337be1970a56f, by
// linux-arm64-glibc: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-arm64-musl: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-glibc: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-musl: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2

/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "0.1.0",
  files: {
    "netsctp_kernel-linux-arm64-glibc.so": {
      sha256: "09662f48971750392377fd344686363e5a48c67b68c4e55d79db499cf1ac369a",
      bytes: 133056,
    },
    "netsctp_kernel-linux-arm64-musl.so": {
      sha256: "12e596dfa1ac4861748ed8b0a4446db30905fae22da5f4795848f8b22333316e",
      bytes: 132960,
    },
    "netsctp_kernel-linux-x64-glibc.so": {
      sha256: "eb73e1d75e62e2a28b4b58be0ac9a8aa2febb354631c2d82fbfa472b03cf937d",
      bytes: 104496,
    },
    "netsctp_kernel-linux-x64-musl.so": {
      sha256: "11ce275bf0c72b39384bab48e7cbc426ac925f41ecf28820a45723bd53be33b1",
      bytes: 104400,
    },
    "netsctp_userspace-linux-arm64-glibc.so": {
      sha256: "bec850addabc66e35bc01a3ab9837a68cdf6dbad2c55e098926eeefa0d5c1aeb",
      bytes: 594776,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "fc2b382f89862ae135bebb4b9c5e4b6e322928aaf1a783da1fe3a2f13027cd68",
      bytes: 594680,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "712d7ddf0070e68a7ba7218687437d2bb62b6f167af27645ddbbb7d8bad38e97",
      bytes: 603080,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "b6381de7523705054c7c5d5e3e2a3dc83c4d649f4482ed5823762bfdaaaa81f4",
      bytes: 602984,
    },
  },
};
