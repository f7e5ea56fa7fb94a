#!/usr/bin/env bash
# fetch_usrsctp.sh: puts usrsctp's sources into build/usrsctp-src, for c/usrsctp.mk to compile.
#
# They come from Debian's source package libusrsctp, out of the archive this machine already uses and checked by apt as
# every package is. apt gets a state of its own below build/: the system's lists and configuration are read, never
# written, so no root is needed either. USRSCTP_SRC=<directory> names sources to use instead; nothing is fetched then.
set -euo pipefail
cd "$(dirname "$0")/.."

package=libusrsctp
target=build/usrsctp-src

say() { printf 'fetch_usrsctp: %s\n' "$*" >&2; }
die() {
  printf 'fetch_usrsctp: %s\n' "$@" >&2
  exit 1
}
hint="To build from sources you already have: USRSCTP_SRC=<directory of usrsctp> make -C c"

if [ -n "${USRSCTP_SRC:-}" ]; then
  [ -f "$USRSCTP_SRC/usrsctplib/usrsctp.h" ] ||
    die "USRSCTP_SRC=$USRSCTP_SRC does not hold usrsctp: there is no usrsctplib/usrsctp.h in it."
  exit 0
fi
[ -f "$target/usrsctplib/usrsctp.h" ] && exit 0

command -v apt-get >/dev/null ||
  die "there is no apt-get here, and usrsctp's sources come from Debian's source package '$package'." "$hint"
for tool in dpkg-source tar; do
  command -v $tool >/dev/null || die "there is no $tool here. Install the Debian package dpkg-dev." "$hint"
done

mkdir -p build
# Two builds at once must not fetch into the same place.
exec 9>build/.fetch_usrsctp.lock
flock 9
[ -f "$target/usrsctplib/usrsctp.h" ] && exit 0

work=$(mktemp -d "$PWD/build/.usrsctp.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/sources" "$work/lists/partial" "$work/cache/archives/partial" "$work/unpacked"

# The machine's own lists whose text matches $1, with "deb-src" in the place of "deb".
source_entries() {
  shopt -s nullglob
  local pattern=$1 parts=/etc/apt/sources.list.d file
  rm -f "$work/sources"/*
  for file in "$parts"/*.sources; do
    # One paragraph per source. The fields that only binary packages have would be refused or only cost time.
    sed '/^#/d' "$file" | awk -v RS= -v pattern="$pattern" '
      tolower($0) ~ /(^|\n)enabled:[ \t]*no/ { next }
      tolower($0) ~ pattern && /(^|\n)[Tt]ypes:[^\n]*deb/ {
        count = split($0, line, "\n")
        for (i = 1; i <= count; i++) {
          if (tolower(line[i]) ~ /^types:/) line[i] = "Types: deb-src"
          if (tolower(line[i]) !~ /^(architectures|languages|targets):/) print line[i]
        }
        print ""
      }' >>"$work/sources/machine.sources"
  done
  for file in /etc/apt/sources.list "$parts"/*.list; do
    [ -f "$file" ] || continue
    sed -n -E 's/^[[:space:]]*deb(-src)?[[:space:]]+/deb-src /p' "$file" |
      { grep -iE "$pattern" || true; } | sort -u >>"$work/sources/machine.list"
  done
  find "$work/sources" -type f -size 0 -delete
  [ -n "$(ls -A "$work/sources")" ]
}

private_apt() {
  apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/sources" \
    -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" \
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=2 "$@" </dev/null
}

# A list that cannot be read beside one that can is no reason to give up: whether the package comes decides.
download() {
  private_apt update && (cd "$work/unpacked" && private_apt source --download-only "$package")
}

say "fetching the source package $package"
# Debian's own entries first; the others (a local mirror by another name, a derivative) only if those do not have it.
found=no log="no package lists below /etc/apt"
for pattern in '(^|[^a-z])debian([^a-z]|$)' .; do
  source_entries "$pattern" || continue
  if log=$(download 2>&1); then
    found=yes
    break
  fi
done
if [ $found = no ]; then
  printf '%s\n' "$log" >&2
  [ -n "$(ls -A "$work/sources")" ] ||
    die "no package list was found below /etc/apt, so there is nowhere to get '$package' from." "$hint"
  [ -n "$(find "$work/lists" -name '*_Sources*' -print -quit)" ] ||
    die "no Debian archive could be reached: see apt's lines above. Mend the network, then run again." "$hint"
  grep -q 'Unable to find a source package' <<<"$log" &&
    die "the archives of this machine's package lists have no source package '$package'." "$hint"
  die "apt could not download the source package '$package': see its lines above." "$hint"
fi

dsc=$(find "$work/unpacked" -name '*.dsc' -print -quit)
# apt has verified the checksums against the signed list already.
(cd "$work/unpacked" && dpkg-source --no-check -x "$dsc" source >"$work/dpkg-source.log" 2>&1) || {
  cat "$work/dpkg-source.log" >&2
  die "dpkg-source could not unpack '$(basename "$dsc")': see its lines above."
}
[ -f "$work/unpacked/source/usrsctplib/usrsctp.h" ] ||
  die "the source package '$package' is not what it was: it has no usrsctplib/usrsctp.h."
basename "$dsc" .dsc >"$work/unpacked/source/.version"
rm -rf "$target"
mv "$work/unpacked/source" "$target"
say "unpacked $(cat "$target/.version") into $target"
