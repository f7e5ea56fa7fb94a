#!/bin/sh
# Two hosts, near and far, with two cables between them: network namespaces with two pairs of virtual interfaces. Needs
# root, iproute2 and a kernel with SCTP; the machine's own network stays as it is.
#
#   paths.sh up      makes them: near has 10.99.0.1 and 10.99.1.1, far 10.99.0.2 and 10.99.1.2
#   paths.sh cut     pulls the first cable out
#   paths.sh restore puts it in again
#   paths.sh down    removes all of it
#   paths.sh near|far COMMAND...    runs a command there
set -eu

case ${1-} in
up)
  for host in near far; do
    ip netns add netsctp-$host
    # As they come, it takes SCTP a minute and more to give a path up. Here: after two retransmissions, each 0.1 s to
    # 0.4 s after the one before. These are choices for a short cable; see docs/tuning.md.
    ip netns exec netsctp-$host sysctl -q -w net.sctp.rto_min=100 net.sctp.rto_initial=200 net.sctp.rto_max=400 \
      net.sctp.path_max_retrans=2
  done
  for path in 0 1; do
    ip -n netsctp-near link add near$path type veth peer name far$path netns netsctp-far
    ip -n netsctp-near addr add 10.99.$path.1/24 dev near$path
    ip -n netsctp-far addr add 10.99.$path.2/24 dev far$path
    ip -n netsctp-near link set near$path up
    ip -n netsctp-far link set far$path up
  done
  ;;
cut) ip -n netsctp-far link set far0 down ;;
restore) ip -n netsctp-far link set far0 up ;;
down)
  ip netns del netsctp-near
  ip netns del netsctp-far
  ;;
near | far)
  host=$1
  shift
  exec ip netns exec netsctp-"$host" "$@"
  ;;
*)
  sed -n 's/^# \{0,1\}//; 2,9p' "$0" >&2
  exit 2
  ;;
esac
