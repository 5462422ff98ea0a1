# From a process on the machine to two sets of namespaces, one in the other (user_namespaces(7), pid_namespaces(7)).
# In the outer one is PID 1, with the channel to labrun, and what it starts to look at the world: the probes. In the
# inner one is the student, who is root there and nowhere else: what is outside can neither be seen nor signalled,
# traced, unmounted or configured from there.
use strict;
use warnings;

my %STUDENT;    # the student's namespaces, as open files: user (unless the lab has the real root), mnt, net, uts, ipc, pid
my %OWN;        # those of PID 1: mnt, pid
my $INIT;       # the first process of the student's PID namespace, by its number outside

# Returns in PID 1 of the outer namespaces, with all capabilities in them, and says which ids it has: `single`, `range`,
# or `real`. The process above it only waits: it stays on the machine, where alone an id map for root may be
# written and what the lab did to the kernel can be put back.
sub enter_namespaces {
    my $needs = shift;
    return $needs eq 'any' ? enter_as_user() : enter_as_root($needs);
}

sub enter_as_user {
    my ( $uid, $gid ) = ( $<, $( + 0 );
    my @cgroups = limited_cgroups();
    my $map = sub { write_id_maps( shift, $uid == 0 ? unused_ids() : ( $uid, $gid, 1 ) ) };
    my $child = fork_mapped( $map, CLONE_NEWPID );
    if ($child) {
        $SIG{$_} = 'IGNORE' for @cgroups ? qw(HUP INT TERM) : ();    # there is something to take away first
        my $status = wait_alone($child);
        remove_cgroups(@cgroups);
        end_like($status);
    }
    die_with_parent();
    if ( $uid == 0 ) {
        my $none = 0;
        kernel( 'setgroups', 0, $none );
        kernel( 'setresgid', 0, 0, 0 ) && kernel( 'setresuid', 0, 0, 0 ) or give_up( 'id map', "setresuid: $!" );
        die_with_parent();    # a change of id has undone it (prctl(2))
    }
    unshare(CLONE_NEWNS) or give_up( 'mount namespace', "unshare: $!" );
    return $uid == 0 ? 'range' : 'single';
}

# With the machine's real root, and for `vm` with its kernel's log.
sub enter_as_root {
    my $needs = shift;
    give_up( 'root', 'this lab needs the real root of the machine' ) if $> != 0;
    my $before = kernel_settings();
    my $lock = $needs eq 'vm' && take_kernel_log();
    my @cgroups = own_cgroups();
    my $child = fork_into(CLONE_NEWPID) // give_up( 'PID namespace', "clone: $!" );
    if ($child) {
        $SIG{$_} = 'IGNORE' for qw(HUP INT TERM);    # there is something to put back first
        my $status = wait_alone($child);
        remove_cgroups(@cgroups);
        put_settings_back($before);
        end_like($status);
    }
    die_with_parent();
    enter_cgroups(@cgroups);
    unshare(CLONE_NEWNS) or give_up( 'mount namespace', "unshare: $!" );
    return 'real';
}

# Forks; the child is in a user namespace of its own whose ids `map` has written, given its number, when this returns,
# and in other new namespaces.
sub fork_mapped {
    my ( $map, $others ) = @_;
    pipe( my $mapped, my $mapped_by_parent ) or die "pipe: $!";
    my $child = fork_into( CLONE_NEWUSER | ( $others // 0 ) ) // give_up( 'user namespace', "unshare: $!" );
    if ($child) {
        close $mapped;
        my $error = $map->($child);
        syswrite $mapped_by_parent, $error eq '' ? 'ok' : $error;
        return $child;
    }
    close $mapped_by_parent;
    my $answer = '';
    sysread $mapped, $answer, 4096;
    give_up( 'id map', $answer eq '' ? 'no answer' : $answer ) if $answer ne 'ok';
    return 0;
}

# Root's worlds get an unprivileged range, because nothing on the machine must be within reach of the world's root, and
# each its own, because the kernel counts some things by user. systemd leaves these to nobody (systemd.io/UIDS-GIDS).
sub unused_ids { my $base = 0x70000000 + 65536 * ( $$ % 4096 ); return ( $base, $base, 65536 ) }

# An ordinary user may map one id, their own, and becomes 0 in the world.
sub write_id_maps {
    my ( $pid, $user, $group, $count ) = @_;
    spill( "/proc/$pid/setgroups", 'deny' ) if $count == 1;
    spill( "/proc/$pid/uid_map", "0 $user $count" ) or return "uid_map: $!";
    spill( "/proc/$pid/gid_map", "0 $group $count" ) or return "gid_map: $!";
    return '';
}

# Waits for a child; lets go of the channel, so that only PID 1 holds it.
sub wait_alone {
    my $pid = shift;
    let_go_of_channel();
    waitpid $pid, 0;
    return $?;
}

sub let_go_of_channel {
    open STDIN, '<', '/dev/null';
    open STDOUT, '>', '/dev/null';
    return;
}

# Ends as a child has ended.
sub end_like {
    my $status = shift;
    kill $status & 127, $$ if $status & 127;
    exit( $status >> 8 );
}
