# The channel to labrun: messages on standard input and output. A message is a list of byte strings,
# each preceded by its length, the whole preceded by its length (32 bit, network order).
# What is written first arrives first, whatever it is about; that order is the protocol's only clock.
use strict;
use warnings;

my $received = '';

sub send_message {
    my $body = pack '(N/a*)*', @_;
    my $bytes = pack( 'N', length $body ) . $body;
    my $offset = 0;
    while ( $offset < length $bytes ) {
        my $written = syswrite STDOUT, $bytes, length($bytes) - $offset, $offset;
        if ( defined $written ) { $offset += $written }
        elsif ( $! != EINTR ) { exit 0 }    # labrun is gone, and with it the reason to be here
    }
    return;
}

# Reads what is there; returns the messages that are complete. Ends the world when labrun has gone.
sub receive_messages {
    my $count = sysread STDIN, $received, 1 << 20, length $received;
    return if !defined $count && $! == EINTR;
    exit 0 if !$count;
    my @messages;
    while ( length($received) >= 4 ) {
        my $length = unpack 'N', $received;
        last if length($received) < 4 + $length;
        push @messages, [ unpack '(N/a*)*', substr $received, 4, $length ];
        substr( $received, 0, 4 + $length ) = '';
    }
    return @messages;
}

my %FACTS;    # what labrun needs to know to name the cause if the world cannot be built

# To be called first: the limits of namespaces are others inside a new user namespace.
sub note_facts {
    %FACTS = (
        uid => $<, seccomp => ( slurp('/proc/self/status') // '' ) =~ /^Seccomp:\s*(\d)/m ? $1 : '',
        container => container(), machine => $MACHINE,
    );
    for my $name (
        qw(kernel/apparmor_restrict_unprivileged_userns kernel/unprivileged_userns_clone
        user/max_user_namespaces user/max_net_namespaces user/max_mnt_namespaces user/max_pid_namespaces)
      )
    {
        my $value = slurp("/proc/sys/$name");
        next if !defined $value;
        chomp $value;
        $FACTS{ $name =~ tr{/}{.}r } = $value;
    }
    return;
}

# The world cannot be built: says at which stage and why.
sub give_up {
    my ( $stage, $reason ) = @_;
    send_message( 'failed', $stage, $reason, map { "$_=$FACTS{$_}" } sort keys %FACTS );
    exit 1;
}

sub container {
    return 'Docker' if -e '/.dockerenv';
    return 'Podman' if -e '/run/.containerenv';
    return 'a container' if ( slurp('/proc/1/cgroup') // '' ) =~ /docker|kubepods|containerd|lxc/;
    return '';
}

sub slurp {
    my $path = shift;
    open( my $file, '<', $path ) or return;
    local $/ = undef;
    return scalar readline $file;
}

sub spill {
    my ( $path, $text ) = @_;
    open( my $file, '>', $path ) or return 0;
    return syswrite( $file, $text ) && close $file;
}
