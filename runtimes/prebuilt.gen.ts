// Written by `npm run build:native`; not to be edited.
//
// Of the sources 90efafb73c70170687ff111092d2fa476d011109f23dce21ef8395f8ff8b9743, by
// linux-arm64-glibc: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-arm64-musl: aarch64-linux-gnu-gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-glibc: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, glibc 2.36, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2
// linux-x64-musl: x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40, linux-libc-dev_6.1.192-3, musl-dev_1.2.3-1, musl_1.2.3-1, lksctp-tools_1.0.19+dfsg-2, libusrsctp_0.9.5.0-2

/** The prebuilt libraries of this version, as they are in the npm package and beside a release. */
export const PREBUILT: { version: string; files: Record<string, { sha256: string; bytes: number }> } = {
  version: "0.1.0",
  files: {
    "netsctp_kernel-linux-arm64-glibc.so": {
      sha256: "ff537e21d5ec4e36b86cfcc40a230fc65c4828f8801778a5b2c8ac2fabed3c5a",
      bytes: 133056,
    },
    "netsctp_kernel-linux-arm64-musl.so": {
      sha256: "5687948fc291829fdcc161ed946e5a41357c7bb48a1fd14b90eb3af09fd8ca06",
      bytes: 132960,
    },
    "netsctp_kernel-linux-x64-glibc.so": {
      sha256: "ce31849e12cc23e207211f8fa910c64bcd5a99cacbe9ec242e3a5c5026642694",
      bytes: 137264,
    },
    "netsctp_kernel-linux-x64-musl.so": {
      sha256: "b7029f8eeff68f65fa31be8cb8849f2a1a9df80361100cc72062df21d2de5d44",
      bytes: 137168,
    },
    "netsctp_userspace-linux-arm64-glibc.so": {
      sha256: "b0a66a6703444c9c85355051da2301c3d916ab7d9f9a787caedbd22099e1783c",
      bytes: 594776,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "0452d7dd8c93c09610d6a7eea37eedbff48b72162314adbaedcce8d3c113537e",
      bytes: 594680,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "f664ed1069afda9acef2f997cb661296636cb21d33688e0c4cee5a08a90ba3e9",
      bytes: 652208,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "e6b43b3abc175dfadf4bff31f149eee12e0c6cf47cdd58d4415748fa68d4db16",
      bytes: 648016,
    },
  },
};
