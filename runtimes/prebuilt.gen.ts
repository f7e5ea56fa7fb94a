// Written by `npm run build:native`; not to be edited.
//
// Of the sources 6d9ed3eafcddf3c1d50475d4560dd3a581da3e4581b4cbc7bc99dc0d8fee98a2, by
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
      sha256: "d5577c8a1ffc7ac0d6fdd85f2ac8859b86d5774cd7ffb114a6e918c36d9d2089",
      bytes: 594776,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "63ecb57672ea4c3fed7d6affb1780cf9ef7282f1a2ccbcf09b3b332d88d6e543",
      bytes: 594680,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "e8e208eb2ff0341bac8916c8deb8024ca91a74439511e2e37b2d70527e2d18d7",
      bytes: 603080,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "828c18f015ea4f77bf56e234f132c0c10934861102c2700227a5b13201fb479a",
      bytes: 602984,
    },
  },
};
