#!/usr/bin/env bash
# fetch_debian.sh KIND DIRECTORY FILE PACKAGE...: unpacks Debian packages into a directory below build/, for what is
# compiled or tried here and not installed. KIND is `source`, then one package, or an architecture such as `arm64`;
# `arm64/sid` takes them from another suite of Debian than this machine's. FILE is one that must then be in the
# directory; where it is there already, nothing is fetched.
#
# The packages come out of the archive this machine already uses and are checked by apt as every package is. apt gets a
# state of its own below build/: the system's lists and configuration are read, never written, so no root is needed.
# DIRECTORY/.version says what was unpacked. FETCH_HINT is a last line for error messages.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1%/*} suite='' target=$2 proof=$3
[ "$kind" = "$1" ] || suite=${1#*/}
shift 3
packages=("$@")

say() { printf 'fetch_debian: %s\n' "$*" >&2; }
die() {
  printf 'fetch_debian: %s\n' "$@" ${FETCH_HINT:+"$FETCH_HINT"} >&2
  exit 1
}
is_there() { [ -e "$target/$proof" ] && [ -e "$target/.version" ]; }

is_there && exit 0
command -v apt-get >/dev/null ||
  die "there is no apt-get here, and Debian's packages are needed: ${packages[*]} ($kind)."
if [ "$kind" = source ]; then needed=dpkg-source entry=deb-src; else needed=dpkg-deb entry=deb; fi
for tool in $needed tar; do
  command -v "$tool" >/dev/null || die "there is no $tool here. Install the Debian package dpkg-dev."
done

mkdir -p "$(dirname "$target")"
# Two builds at once must not fetch into the same place.
exec 9>"$(dirname "$target")/.$(basename "$target").lock"
flock 9
is_there && exit 0

work=$(mktemp -d "$PWD/build/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/sources" "$work/lists/partial" "$work/cache/archives/partial" "$work/downloaded" "$work/unpacked"

# Lines of `deb [options] ARCHIVE SUITE COMPONENT...`, with the suite that is wanted. Security updates have an archive of
# their own, which does not know the others' suites.
in_suite() {
  [ -n "$suite" ] || exec cat
  sed -E -e '/-security[[:space:]]/d' -e "s|^($entry +(\[[^]]*\] +)?[^ ]+ +)[^ ]+|\1$suite|"
}

# The machine's own lists whose text matches $1, for the kind of packages that is wanted.
write_entries() {
  shopt -s nullglob
  local pattern=$1 parts=/etc/apt/sources.list.d file
  rm -f "$work/sources"/*
  for file in "$parts"/*.sources; do
    # One paragraph per source. The fields that only some packages have would be refused or only cost time.
    sed '/^#/d' "$file" | awk -v RS= -v pattern="$pattern" -v entry="$entry" -v suite="$suite" '
      tolower($0) ~ /(^|\n)enabled:[ \t]*no/ { next }
      suite && tolower($0) ~ /(^|\n)suites:[^\n]*-security/ { next }
      tolower($0) ~ pattern && /(^|\n)[Tt]ypes:[^\n]*deb/ {
        count = split($0, line, "\n")
        for (i = 1; i <= count; i++) {
          if (tolower(line[i]) ~ /^types:/) line[i] = "Types: " entry
          if (suite && tolower(line[i]) ~ /^suites:/) line[i] = "Suites: " suite
          if (tolower(line[i]) !~ /^(architectures|languages|targets):/) print line[i]
        }
        print ""
      }' >>"$work/sources/machine.sources"
  done
  for file in /etc/apt/sources.list "$parts"/*.list; do
    [ -f "$file" ] || continue
    sed -n -E "s/^[[:space:]]*deb(-src)?[[:space:]]+/$entry /p" "$file" |
      in_suite | { grep -iE "$pattern" || true; } | sort -u >>"$work/sources/machine.list"
  done
  find "$work/sources" -type f -size 0 -delete
  [ -n "$(ls -A "$work/sources")" ]
}

private_apt() {
  local architecture=()
  [ "$kind" = source ] || architecture=(-o APT::Architecture="$kind" -o APT::Architectures="$kind")
  apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/sources" \
    -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" "${architecture[@]}" \
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=2 "$@" </dev/null
}

# A list that cannot be read beside one that can is no reason to give up: whether the packages come decides.
download() {
  private_apt update || return
  cd "$work/downloaded"
  if [ "$kind" = source ]; then
    private_apt source --download-only "${packages[@]}"
  else
    private_apt download "${packages[@]}"
  fi
}

say "fetching ${packages[*]} ($kind)"
# Debian's own entries first; the others (a local mirror by another name, a derivative) only if those do not have it.
found=no log="no package lists below /etc/apt"
for pattern in '(^|[^a-z])debian([^a-z]|$)' .; do
  write_entries "$pattern" || continue
  if log=$(download 2>&1); then
    found=yes
    break
  fi
done
if [ $found = no ]; then
  printf '%s\n' "$log" >&2
  [ -n "$(ls -A "$work/sources")" ] ||
    die "no package list was found below /etc/apt, so there is nowhere to get ${packages[*]} from."
  [ -n "$(find "$work/lists" \( -name '*_Sources*' -o -name '*_Packages*' \) -print -quit)" ] ||
    die "no Debian archive could be reached: see apt's lines above. Repair the network, then run this again."
  grep -qE 'Unable to (find a source|locate) package' <<<"$log" &&
    die "the archives of this machine's package lists do not have all of ${packages[*]} ($kind)."
  die "apt could not download ${packages[*]} ($kind): see its lines above."
fi

# apt has verified the checksums against the signed list already.
if [ "$kind" = source ]; then
  dsc=$(find "$work/downloaded" -name '*.dsc' -print -quit)
  rmdir "$work/unpacked"
  dpkg-source --no-check -x "$dsc" "$work/unpacked" >"$work/dpkg-source.log" 2>&1 || {
    cat "$work/dpkg-source.log" >&2
    die "dpkg-source could not unpack '$(basename "$dsc")': see its lines above."
  }
  basename "$dsc" .dsc >"$work/version"
else
  for deb in "$work/downloaded"/*.deb; do
    dpkg-deb -x "$deb" "$work/unpacked"
    # shellcheck disable=SC2016 -- these are dpkg's variables
    dpkg-deb -W --showformat='${Package}_${Version}\n' "$deb" >>"$work/version"
  done
fi
[ -e "$work/unpacked/$proof" ] || die "${packages[*]} ($kind) is not what it was: it has no $proof."
mv "$work/version" "$work/unpacked/.version"
rm -rf "$target"
mv "$work/unpacked" "$target"
say "unpacked $(paste -sd' ' "$target/.version") into $target"
