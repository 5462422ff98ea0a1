# What surrounds the student's machine: its own network namespace is already there; this sets its defaults and,
# for a `lan` world, builds the other machines. They live outside /run/netns, so `ip netns list` is empty.
use strict;
use warnings;

my %OUTSIDE;    # machine name => file of its network namespace
my $OUTSIDE_USER;    # their user namespace, where the student is nobody
my $HOST = '/run/labrun/netns/host';    # that of the student's machine

# What the machine's administrator, or a Docker on it, may have set would leak into the new namespace
# (Documentation/admin-guide/sysctl/net.rst, devconf_inherit_init_net).
my %DEFAULTS = (
    'ipv4/ip_forward' => 0, 'ipv4/conf/all/rp_filter' => 0, 'ipv4/conf/default/rp_filter' => 0,
    'ipv4/conf/all/route_localnet' => 0, 'ipv4/conf/default/route_localnet' => 0,
    'ipv4/conf/all/arp_ignore' => 0, 'ipv4/conf/all/arp_announce' => 0, 'ipv4/conf/all/proxy_arp' => 0,
    'bridge/bridge-nf-call-iptables' => 1, 'netfilter/nf_conntrack_acct' => 0,
);

sub set_defaults {
    spill( "/proc/sys/net/$_", $DEFAULTS{$_} ) for keys %DEFAULTS;
    link_up('lo');
    return;
}

# ioctl SIOCSIFFLAGS with IFF_UP | IFF_RUNNING (netdevice(7)): no process for it.
sub link_up {
    my $name = shift;
    socket( my $socket, 2, 2, 0 ) or return;    # AF_INET, SOCK_DGRAM: the Socket module would take 5 ms to load
    my $request = pack 'a16 s x22', $name, 0x41;
    ioctl $socket, 0x8914, $request;
    return;
}

# The ids of the world, uplink name, uplink address/prefix, gateway, client address.
sub build_lan {
    my ( $ids, $uplink, $address, $gateway, $client ) = @_;
    my $prefix = ( split m{/}, $address )[1];
    my $home = $HOST;
    keep_network( 'self', $home );
    make_outside($ids);
    for my $name (qw(gateway client server)) {
        enter_network($name) or give_up( 'outside machines', "setns: $!" );
        set_defaults();
        spill( "/proc/sys/net/ipv6/conf/$_/disable_ipv6", 1 ) for qw(all default);
        if ( $name eq 'gateway' ) {
            spill( '/proc/sys/net/ipv4/ip_forward', 1 );
            spill( '/proc/sys/net/bridge/bridge-nf-call-iptables', 0 );
            spill( '/proc/sys/net/ipv4/icmp_ratelimit', 0 );    # each ping to nowhere is told so
        }
        serve_http() if $name eq 'server';
    }
    enter_open_namespace( $STUDENT{net}, CLONE_NEWNET ) or give_up( 'outside machines', "setns: $!" );
    # iptables(8) takes an interface that is not there yet, so it can run beside the rest.
    my $masquerade = start_in( 'gateway', '', qw(iptables -w -t nat -A POSTROUTING -o wan0 -j MASQUERADE) );
    my $cables = start_in( 'gateway', <<"BATCH", qw(ip -batch -) );
link add lan0 type bridge
link add wan0 type veth peer name eth0 netns $OUTSIDE{server}
link add lan1 type veth peer name $uplink netns $home
link add lan2 type veth peer name eth0 netns $OUTSIDE{client}
link set lan1 master lan0 up
link set lan2 master lan0 up
addr add $gateway/$prefix dev lan0
addr add 203.0.113.1/24 dev wan0
link set lan0 up
link set wan0 up
BATCH
    wait_for( $cables, 'ip -batch on the gateway' );
    my $on_client = start_in( 'client', <<"BATCH", qw(ip -batch -) );
addr add $client/$prefix dev eth0
link set eth0 up
route add default via $gateway
BATCH
    my $on_server = start_in( 'server', <<"BATCH", qw(ip -batch -) );
addr add 203.0.113.10/24 dev eth0
link set eth0 up
BATCH
    my $on_host = start_in( 'host', <<"BATCH", qw(ip -batch -) );
addr add $address dev $uplink
link set $uplink up
route add default via $gateway
BATCH
    wait_for( $on_client, 'ip -batch on the client' );
    wait_for( $on_server, 'ip -batch on the server' );
    wait_for( $on_host, 'ip -batch on the host' );
    wait_for( $masquerade, 'iptables -t nat -A POSTROUTING -o wan0 -j MASQUERADE on the gateway' );
    return;
}

# Their network namespaces belong to a user namespace apart from the student's, who could otherwise change them by way
# of the cables (rtnetlink(7), IFLA_TARGET_NETNSID). A process makes them there, one after the other, and ends.
sub make_outside {
    my $ids = shift;
    my @names = qw(gateway client server);
    $OUTSIDE{$_} = "/run/labrun/netns/$_" for @names;
    pipe( my $made, my $made_by_child ) or give_up( 'outside machines', "pipe: $!" );
    pipe( my $kept, my $kept_by_parent ) or give_up( 'outside machines', "pipe: $!" );
    my $child = ( $ids eq 'real' ? fork : fork_mapped( same_ids($ids) ) ) // give_up( 'outside machines', "fork: $!" );
    if ( !$child ) {
        close $kept_by_parent;
        for (@names) {
            unshare(CLONE_NEWNET) or give_up( 'outside machines', "unshare: $!" );
            syswrite $made_by_child, '.';
            sysread $kept, my $byte, 1 or exit 1;
        }
        kill 'KILL', $$;    # exit(3) would cost some milliseconds: Perl takes all apart that it has made
    }
    close $made_by_child;
    if ( $ids ne 'real' ) {
        open( $OUTSIDE_USER, '<', "/proc/$child/ns/user" ) or give_up( 'outside machines', "open: $!" );
    }
    for (@names) {
        sysread $made, my $byte, 1 or exit 1;    # it has said why
        keep_network( $child, $OUTSIDE{$_} );
        syswrite $kept_by_parent, '.';
    }
    waitpid $child, 0;
    return;
}

sub keep_network {
    my ( $pid, $file ) = @_;
    touch($file);
    mount( "/proc/$pid/ns/net", $file, undef, MS_BIND ) or give_up( 'outside machines', "mount: $!" );
    return;
}

# Starts a program in the network namespace of a machine, with the lines as its input.
sub start_in {
    my ( $place, $lines, @command ) = @_;
    pipe( my $input, my $feed ) or give_up( 'outside machines', "pipe: $!" );
    my $pid = fork // give_up( 'outside machines', "fork: $!" );
    if ( !$pid ) {
        close $feed;
        enter_network($place) or exit 1;
        open STDIN, '<&', $input or exit 1;

        # The channel is on standard output: no program of the world may write there.
        open STDOUT, '>', '/dev/null';
        $ENV{PATH} = world_environment()->{PATH};
        no warnings 'exec';
        exec { $command[0] } @command or exit 127;
    }
    close $input;
    syswrite $feed, $lines if $lines ne '';
    return $pid;
}

sub wait_for {
    my ( $pid, $what ) = @_;
    waitpid $pid, 0;
    give_up( 'outside machines', "$what: not found" ) if $? >> 8 == 127;
    give_up( 'outside machines', "$what: failed" ) if $?;
    return;
}

sub touch { open( my $file, '>', shift ) or give_up( 'files', "touch: $!" ); return }

# A web server for the internet's side: one short answer a connection, enough for curl to show a status and a body.
sub serve_http {
    my $pid = fork // give_up( 'outside machines', "fork: $!" );
    return if $pid;
    require Socket;
    $0 = 'httpd';
    open STDIN, '<', '/dev/null';
    open STDOUT, '>', '/dev/null';
    socket( my $listener, Socket::AF_INET(), Socket::SOCK_STREAM(), 0 ) or exit 1;
    setsockopt $listener, Socket::SOL_SOCKET(), Socket::SO_REUSEADDR(), 1;
    bind $listener, Socket::pack_sockaddr_in( 80, Socket::INADDR_ANY() ) or exit 1;
    listen $listener, 64 or exit 1;
    $SIG{CHLD} = 'IGNORE';
    while (1) {
        my $peer = accept my $connection, $listener or next;
        my $child = fork;
        next if !defined $child || $child;
        my ( $port, $from ) = Socket::unpack_sockaddr_in($peer);
        $from = Socket::inet_ntoa($from);
        alarm 5;
        my $request = '';
        1 while $request !~ /\r?\n\r?\n/ && sysread $connection, $request, 4096, length $request;
        my $body = "This is www.example.com. You came from $from.\n";
        syswrite $connection, join "\r\n", 'HTTP/1.1 200 OK', 'Content-Type: text/plain',
          'Content-Length: ' . length $body, 'Connection: close', '', $request =~ /^HEAD / ? '' : $body;
        shutdown $connection, 1;
        1 while sysread $connection, my $rest, 4096;
        exit 0;
    }
}
