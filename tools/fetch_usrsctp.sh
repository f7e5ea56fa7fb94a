#!/usr/bin/env bash
# fetch_usrsctp.sh: puts usrsctp's sources into build/usrsctp-src, for c/usrsctp.mk to compile: Debian's source package
# libusrsctp. USRSCTP_SRC=<directory> names sources to use instead; nothing is fetched then.
set -euo pipefail
cd "$(dirname "$0")/.."

proof=usrsctplib/usrsctp.h
if [ -n "${USRSCTP_SRC:-}" ]; then
  [ -f "$USRSCTP_SRC/$proof" ] || {
    echo "fetch_usrsctp: USRSCTP_SRC=$USRSCTP_SRC does not hold usrsctp: there is no $proof in it." >&2
    exit 1
  }
  exit 0
fi
FETCH_HINT="To build from sources you already have: USRSCTP_SRC=<directory of usrsctp> make -C c" \
  exec tools/fetch_debian.sh source build/usrsctp-src $proof libusrsctp
