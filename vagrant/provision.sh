#!/bin/sh
# Makes a Debian machine ready for labs: programs, kernel modules, a few settings. Says what it changes; run again, it
# changes nothing.
#   provision.sh             as root, on the machine
#   provision.sh --packages  prints the packages
set -eu

PACKAGES='
arptables bash bash-completion bridge-utils busybox-static ca-certificates conntrack curl docker.io ebtables ethtool
iproute2 iptables iputils-arping iputils-ping iputils-tracepath less nano netcat-openbsd nftables openssh-server perl
procps psmisc python3 tcpdump tmux traceroute'

# What iptables and ebtables load by themselves for root, but cannot load inside a world, and what worlds are made of.
MODULES='
br_netfilter bridge dummy veth vxlan macvlan
ip_tables iptable_filter iptable_nat iptable_mangle iptable_raw
ebtables ebtable_filter ebtable_nat ebtable_broute ebt_log ebt_ip
nf_log_syslog nf_conntrack nf_conntrack_netlink nf_nat nft_compat nft_chain_nat nft_masq nft_log
xt_addrtype xt_comment xt_conntrack xt_LOG xt_MASQUERADE xt_nat xt_NFLOG xt_TRACE xt_mark xt_multiport xt_REDIRECT xt_tcpudp
overlay'

changes=0
changed() {
  changes=$((changes + 1))
  echo "changed: $*"
}

# put FILE: what comes on standard input becomes the file, unless it is that already.
put() {
  new=$(mktemp)
  cat >"$new"
  if ! cmp -s "$new" "$1"; then
    mkdir -p "$(dirname "$1")"
    cat "$new" >"$1"
    changed "$1"
  fi
  rm -f "$new"
}

is_running() { [ -d /run/systemd/system ]; }

install_packages() {
  missing=
  for package in $PACKAGES; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  export DEBIAN_FRONTEND=noninteractive
  # On a machine that has just been started another program may hold the lock for a while.
  apt-get -o DPkg::Lock::Timeout=300 -qq update
  # shellcheck disable=SC2086  # a list of names
  apt-get -o DPkg::Lock::Timeout=300 -qq install -y --no-install-recommends $missing
  changed "packages:$missing"
}

load_modules() {
  # Not by a pipe: what is counted there would be lost.
  # shellcheck disable=SC2086  # one name a line
  put /etc/modules-load.d/labrun.conf <<MODULES
$(printf '%s\n' $MODULES)
MODULES
  is_running || return 0
  for module in $MODULES; do
    # A module that this kernel has built in, or has not at all, is no reason to stop: `labrun doctor` looks at what matters.
    [ -d "/sys/module/$module" ] || modprobe -q "$module" 2>/dev/null || continue
  done
}

# Labs start a dockerd of their own; one for the whole machine would change its firewall.
stop_docker() {
  for unit in docker.service docker.socket containerd.service; do
    [ "$(readlink "/etc/systemd/system/$unit" || true)" = /dev/null ] && continue
    if is_running; then systemctl --quiet disable --now "$unit" 2>/dev/null || true; fi
    ln -sf /dev/null "/etc/systemd/system/$unit"
    changed "$unit is off"
  done
  if is_running && ip link show docker0 >/dev/null 2>&1; then
    ip link delete docker0
    changed 'docker0 is gone'
  fi
}

settings() {
  # A connection that is cut off is given up, so that no world stays behind it.
  put /etc/ssh/sshd_config.d/labrun.conf <<'SSHD'
ClientAliveInterval 15
ClientAliveCountMax 4
MaxSessions 100
MaxStartups 100
UseDNS no
SSHD
  # Programs that a login runs for news which nobody reads: in an emulated machine they take as long as a few commands.
  for script in /etc/update-motd.d/*; do
    [ -x "$script" ] || continue
    chmod a-x "$script"
    changed "$script is off"
  done
  put /etc/sysctl.d/60-labrun.conf <<'SYSCTL'
# Worlds are user namespaces of an ordinary user.
user.max_user_namespaces = 15000
SYSCTL
  if is_running; then
    # shellcheck disable=SC2154
    [ "$(cat /proc/sys/user/max_user_namespaces)" = 15000 ] || sysctl -q -p /etc/sysctl.d/60-labrun.conf
    [ "$changes" = 0 ] || systemctl reload ssh 2>/dev/null || true
  fi
}

if [ "${1:-}" = --packages ]; then
  # shellcheck disable=SC2086
  printf '%s\n' $PACKAGES
  exit
fi
[ "$(id -u)" = 0 ] || { echo "provision.sh: must be run as root: sudo $0" >&2; exit 2; }
[ -e /etc/debian_version ] || { echo 'provision.sh: this is made for Debian' >&2; exit 2; }
install_packages
load_modules
stop_docker
settings
echo "provisioned: $changes changes"
