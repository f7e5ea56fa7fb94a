// Written by `npm run build:native`; not to be edited.
//
// Of the sources 01494c667420d7bdc02ca805e6845a1318bc5b12c20eefac35fa0869cd6380a6, by
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
      sha256: "0d2b70f895dca31fcbe6014e445564f9faf45c1f772a252ba77e3fa8981746f5",
      bytes: 594776,
    },
    "netsctp_userspace-linux-arm64-musl.so": {
      sha256: "65e8d782acbf42c9a0baad193fdc81e3d842fa1f73e9210df65407adc9e5a2e2",
      bytes: 594680,
    },
    "netsctp_userspace-linux-x64-glibc.so": {
      sha256: "2551990fcb852960ad20d4481ec97dd643a683522fcf99fe72c0f20182b17662",
      bytes: 652208,
    },
    "netsctp_userspace-linux-x64-musl.so": {
      sha256: "b4ec4cf19c28bff4b272ff968e61cf1b17de450b54f0e0c383201cdbabb06f2e",
      bytes: 648016,
    },
  },
};
