# A lab that needs the machine's real root, or its kernel's log, may change what no namespace holds. Before its world is
# built that is written down; when the world has gone it is put back: settings of the kernel here, its cgroups in 27-cgroups.pl.
use strict;
use warnings;

# One lab at a time may have the kernel's log: in it nobody could tell the lines of two.
sub take_kernel_log {
    open( my $lock, '>', '/run/labrun-kernel-log.lock' ) or give_up( 'kernel log', "lock: $!" );
    if ( !flock $lock, 2 | 4 ) {    # LOCK_EX | LOCK_NB
        send_message( 'waiting', 'another lab has the kernel log' );
        flock $lock, 2 or give_up( 'kernel log', "lock: $!" );
    }

    # What iptables and ebtables log in other network namespaces than the first is thrown away otherwise
    # (Documentation/networking/nf_conntrack-sysctl.rst, nf_log_all_netns).
    spill( '/proc/sys/net/netfilter/nf_log_all_netns', '1' ) or give_up( 'kernel log', "nf_log_all_netns: $!" );
    return $lock;    # held as long as this process and its children live
}

# Path => value of everything below /proc/sys that can be written.
sub kernel_settings {
    my %value;
    my @open = ('/proc/sys');
    while ( my $folder = shift @open ) {
        for my $path ( map { "$folder/$_" } list($folder) ) {
            my $mode = ( lstat $path )[2] // next;
            if ( -d _ ) { push @open, $path if $path !~ m{^/proc/sys/fs/binfmt_misc$} }
            elsif ( ( $mode & 0600 ) == 0600 && $path !~ m{^/proc/sys/kernel/(?:ns_last_pid|random/)} ) {
                $value{$path} = slurp($path);
            }
        }
    }
    return \%value;
}

sub put_settings_back {
    my $before = shift;
    for my $path ( grep { defined $before->{$_} } sort keys %$before ) {
        my $now = slurp($path);
        spill( $path, $before->{$path} ) if defined $now && $now ne $before->{$path};
    }
    return;
}
