#!/usr/bin/env bash
# setup.sh build|native|format|start|test|check|bench|release|all: installs and builds what that purpose needs and this machine lacks.
# Has to run before anything is installed, hence bash; has to cost next to nothing when all is there, because
# `npm start` and `npm test` call it first.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
die() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

test_packages() {
  echo erlang-base freediameterd iperf3 ncat lksctp-tools openssl osmo-stp socat # peers, and what one of them needs
  echo tcpdump tshark # the judges of what is sent
  echo conntrack iptables nftables procps systemd # what the documents tell to type
  echo fish zsh # whose completion the command line serves
  echo kmod patchelf # the guest of another suite
  echo qemu-user # other processors
}

debian_packages() {
  echo gcc make libc6-dev libsctp-dev dpkg-dev ca-certificates
  case $1 in format | check | all) echo clang-format ;; esac
  case $1 in release) echo gh ;; esac
  case $1 in test | all) test_packages ;; esac
  case $1 in native | test | all) cross_compilers ;; esac
  case $1 in test | bench | all)
    echo iproute2 strace
    # The guest exists for x64 alone; elsewhere what needs a kernel with SCTP says that there is none.
    tools/has_kernel_sctp || [ "$(uname -m)" != x86_64 ] || echo kmod user-mode-linux
    ;;
  esac
}

# For the prebuilt libraries of the platforms that this machine is not.
cross_compilers() {
  case $(uname -m) in
  aarch64) echo gcc-x86-64-linux-gnu libc6-dev-amd64-cross ;;
  *) echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross ;;
  esac
}

install_debian_packages() {
  command -v dpkg-query >/dev/null ||
    die "this system does not use Debian packages, so nothing can be installed for you." \
      "Install what these Debian packages hold, then run again: $*" \
      "(to go on without this check: NETSCTP_SKIP_PACKAGES=1)"
  # Multi-arch packages are listed once per architecture; one that is installed is enough.
  local name missing=() installed
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  for name in "$@"; do
    [[ $'\n'$installed$'\n' == *$'\n'"$name installed"$'\n'* ]] || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  local install="apt-get install -y --no-install-recommends ${missing[*]}"
  command -v apt-get >/dev/null ||
    die "Debian packages are missing and there is no apt-get here to install them: ${missing[*]}"
  [ "$(id -u)" = 0 ] ||
    die "Debian packages are missing, and only root may install them. Type:" \
      "  sudo apt-get update && sudo $install"
  say "installing Debian packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q </dev/null >&2 ||
    die "'apt-get update' failed, so packages cannot be installed: ${missing[*]}" \
      "Usually the network or a source list is at fault: see apt's lines above, fix that, run again."
  $install -q </dev/null >&2 ||
    die "apt-get could not install: ${missing[*]}" \
      "See apt's lines above; to try by hand: $install"
}

check_node() {
  command -v node >/dev/null || die "no node found. Install Node.js 20.12 or newer, with npm."
  command -v npm >/dev/null || die "no npm found. Install the npm that belongs to $(command -v node)."
  local version major minor
  version=$(node --version)
  IFS=. read -r major minor _ <<<"${version#v}"
  ((major > 20 || (major == 20 && minor >= 12))) ||
    die "node $version is too old: netsctp needs 20.12 or newer. Install a newer Node.js."
}

install_node_packages() {
  # By content: git gives a lock file of another branch the present time, or none that is newer.
  cmp -s package-lock.json node_modules/.installed && return 0
  say "installing npm packages (npm ci)"
  # No package needs its install script. npm's own limit would have an unreachable registry look like a hang for a
  # quarter of an hour.
  npm ci --include=dev --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-timeout=60000 </dev/null >&2 ||
    die "'npm ci' failed: see npm's lines above." \
      "Usually the npm registry cannot be reached; fix that, then type: npm ci"
  cp package-lock.json node_modules/.installed
}

# Deno's npm package puts its binary in place at its first run: not left to two processes at once, nor to a sandbox.
place_deno() {
  [ -x node_modules/deno/deno ] || node_modules/.bin/deno --version >/dev/null ||
    say "Deno does not run on this machine: what needs it will say so."
}

# Bun's does so in its install script, which is not run.
place_bun() {
  local binary
  for binary in node_modules/bun/bun node_modules/@oven/bun-linux-*/bin/bun; do
    "$binary" --version >/dev/null 2>&1 || continue
    [ node_modules/bun/bun -ef "$binary" ] || ln -sf "../../$binary" node_modules/bun/bun
    return 0
  done
  say "Bun does not run on this machine: what needs it will say so."
}

# What the package is tried on, and what it is installed by and bundled with. For other processors, C libraries and
# versions of Node than this machine's, too, hence --force.
install_beside() {
  local from=test/package/$1 into=build/$1
  cmp -s "$from/package-lock.json" "$into/.installed" && return 0
  say "installing the $1 to test with (npm ci in $into)"
  mkdir -p "$into"
  cp "$from/package.json" "$from/package-lock.json" "$into"
  npm ci --prefix "$into" --force --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-timeout=60000 \
    </dev/null >&2 || die "'npm ci' failed in $into: see npm's lines above. To repeat it, delete $into and run again."
  cp "$from/package-lock.json" "$into/.installed"
}

run_make() {
  local log
  if ! log=$(make -s -j "$(nproc)" "$@" 2>&1 </dev/null); then
    printf '%s\n' "$log" >&2
    die "building in C failed: see the lines above. To repeat it: make $*"
  fi
  [ -z "$log" ] || printf '%s\n' "$log" >&2
}

build_native() {
  [ -e build/netsctp_kernel.so ] && [ -e build/netsctp_userspace.so ] || say "building the shared objects (make -C c)"
  run_make -C c
  # The C tests run here and in the guest at the same time, and must not both be compiling then.
  case $1 in test | all) run_make -C c/test build ;; esac
}

# For every platform, with the C tests as programs for it.
build_prebuilt() {
  local target
  [ -d prebuilt ] || say "building the prebuilt libraries (make -C c prebuilt)"
  for target in linux-{x64,arm64}-{glibc,musl}; do
    run_make -C c prebuilt prebuilt-tests TARGET="$target"
  done
}

# Beside the installed guest, which does where this one cannot be had: that suite changes every day.
fetch_newest_guest() {
  [ "$(uname -m)" = x86_64 ] || return 0
  test/guest/fetch sid || say "the guest with the newest Linux could not be fetched: the installed one takes its tests."
}

build_dist() {
  local sources=(mod.ts cli core runtimes tsup.config.ts tsconfig.json package.json)
  [ -e dist/.built ] && [ -z "$(find "${sources[@]}" -newer dist/.built -print -quit)" ] && return 0
  say "bundling dist/ (tsup)"
  mkdir -p dist
  # The stamp carries the time before bundling, so a source edited meanwhile is newer than it.
  touch dist/.building
  node_modules/.bin/tsup --silent </dev/null >&2 ||
    die "bundling failed: see tsup's lines above. To repeat it: node_modules/.bin/tsup"
  mv dist/.building dist/.built
}

# For Node 20, which runs no TypeScript itself: tsx takes longer to start than most tests take.
compile_tests() {
  node_modules/.bin/tsc -p test/runner </dev/null >&2 ||
    die "compiling the tests failed: see tsc's lines above. To repeat it: node_modules/.bin/tsc -p test/runner"
  # For the parts of the command line that tests import: the package as it was built, not a copy of its sources.
  echo 'export * from "netsctp";' >build/js/mod.js
}

purpose=${1:-}
case $purpose in
build | native | format | start | test | check | bench | release | all) ;;
*) die "usage: tools/setup.sh build|native|format|start|test|check|bench|release|all" ;;
esac

# Two commands at once (npm test beside npm start) must not build into the same files.
exec 9<.
flock 9

check_node
[ "${NETSCTP_SKIP_PACKAGES:-}" = 1 ] || install_debian_packages $(debian_packages "$purpose")
install_node_packages
place_deno
place_bun
build_native "$purpose"
[ "$purpose" = format ] || build_dist # which could not be made of what is not generated yet
case $purpose in
test | all)
  compile_tests
  build_prebuilt
  install_beside runtimes
  install_beside tools
  fetch_newest_guest
  ;;
esac
