/**
 * A Perl program that listens to the kernel's trace events (nfnetlink, group NFNLGRP_NFTRACE) of the network namespace
 * in which it runs. Arguments: the name of a chain of labrun's own that traces and drops what has a mark, and the mark.
 * It prints
 * `listening` when it does, and each message as `event HEX`. At SIGTERM it sends one packet with the mark; when that is
 * traced too, everything before it was read, and it prints `marked`. Otherwise `unmarked` and why; `lost` if there was
 * more than the socket could hold. Only modules of perl-base.
 */
export const READER = String.raw`
use strict; use warnings; use Socket; use Errno ();
my ($chain, $mark) = @ARGV;
$| = 1;
socket(my $netlink, 16, SOCK_RAW, 12) or die "socket: $!\n";
setsockopt $netlink, SOL_SOCKET, SO_RCVBUF, pack 'i', 8 << 20;
bind $netlink, pack 'S S L L', 16, 0, 0, 1 << 8 or die "bind: $!\n";
my $asked = 0;
$SIG{TERM} = sub { $asked = 1 };
print "listening\n";
my $patience = 0;
while (1) {
  if ($asked == 1) { $asked = 2; send_mark() }
  vec(my $set = '', fileno $netlink, 1) = 1;
  my $count = select $set, undef, undef, 0.2;
  next if $count < 0;
  if (!$count) { finish('unmarked', 'its own packet was not traced') if $asked && ++$patience > 10; next }
  my $message;
  if (!defined recv $netlink, $message, 65536, 0) { print "lost\n" if $!{ENOBUFS}; next }
  finish('marked', '') if $asked && index($message, "$chain\0") >= 0;
  print 'event ', unpack('H*', $message), "\n";
}
sub finish { print "@_\n"; exit }

# By lo, or else by any device that is up: to a device, an address need not have a route. The chain drops the packet,
# which send() then tells as EPERM.
sub send_mark {
  open my $list, '<', '/proc/net/dev';
  my @devices = map { /^\s*(\S+?):/ ? $1 : () } <$list>;
  for my $device ('', @devices) {
    socket(my $udp, PF_INET, SOCK_DGRAM, 0) or next;
    setsockopt $udp, SOL_SOCKET, 36, pack 'L', $mark or finish('unmarked', "SO_MARK: $!");
    $device eq '' or setsockopt $udp, SOL_SOCKET, 25, "$device\0" or next;
    my $to = inet_aton($device eq '' ? '127.0.0.1' : '192.0.2.1');
    my $sent = send $udp, 'labrun', 0, pack_sockaddr_in(9, $to);
    return if !defined $sent && $!{EPERM};
    finish('unmarked', 'its rules are gone, has something flushed the rule set?') if defined $sent;
  }
  finish('unmarked', 'no device is up');
}
`
