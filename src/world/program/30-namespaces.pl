# From a process on the machine to PID 1 of namespaces of its own (user_namespaces(7), pid_namespaces(7)).
use strict;
use warnings;

# Returns in PID 1 of the new namespaces, with all capabilities in them, and says which ids it has: `single`, `range`, or
# `real`. The processes above it only wait: the first stays on the machine, where alone an id map for root may be written
# and what the lab did to the kernel can be put back.
sub enter_namespaces {
    my $needs = shift;
    return $needs eq 'any' ? enter_as_user() : enter_as_root($needs);
}

sub enter_as_user {
    my ( $uid, $gid ) = ( $<, $( + 0 );
    pipe( my $unshared, my $unshared_by_child ) or die "pipe: $!";
    pipe( my $mapped, my $mapped_by_parent ) or die "pipe: $!";
    my $child = fork // give_up( 'process', "fork: $!" );
    if ($child) {
        close $unshared_by_child;
        close $mapped;
        if ( sysread $unshared, my $byte, 1 ) {
            my $error = write_id_maps( $child, $uid, $gid );
            syswrite $mapped_by_parent, $error eq '' ? 'ok' : $error;
        }
        close $mapped_by_parent;
        end_like( wait_alone($child) );
    }
    die_with_parent();
    close $unshared;
    close $mapped_by_parent;
    unshare(CLONE_NEWUSER) or give_up( 'user namespace', "unshare: $!" );
    syswrite $unshared_by_child, 'u';
    my $answer = '';
    sysread $mapped, $answer, 4096;
    give_up( 'id map', $answer eq '' ? 'no answer' : $answer ) if $answer ne 'ok';
    if ( $uid == 0 ) {
        my $none = 0;
        kernel( 'setgroups', 0, $none );
        kernel( 'setresgid', 0, 0, 0 ) && kernel( 'setresuid', 0, 0, 0 ) or give_up( 'id map', "setresuid: $!" );
        die_with_parent();    # a change of id has undone it (prctl(2))
    }
    become_init();
    return $uid == 0 ? 'range' : 'single';
}

# With the machine's real root, and for `vm` with its kernel's log.
sub enter_as_root {
    my $needs = shift;
    give_up( 'root', 'this lab needs the real root of the machine' ) if $> != 0;
    my $before = kernel_settings();
    my $lock = $needs eq 'vm' && take_kernel_log();
    my @cgroups = own_cgroups();
    my $child = fork // give_up( 'process', "fork: $!" );
    if ($child) {
        $SIG{$_} = 'IGNORE' for qw(HUP INT TERM);    # there is something to put back first
        my $status = wait_alone($child);
        remove_cgroups(@cgroups);
        put_settings_back($before);
        end_like($status);
    }
    die_with_parent();
    enter_cgroups(@cgroups);
    become_init();
    return 'real';
}

sub become_init {
    unshare(CLONE_NEWNS) or give_up( 'mount namespace', "unshare: $!" );
    unshare( CLONE_NEWUTS | CLONE_NEWIPC ) or give_up( 'UTS namespace', "unshare: $!" );
    unshare(CLONE_NEWNET) or give_up( 'network namespace', "unshare: $!" );
    unshare(CLONE_NEWPID) or give_up( 'PID namespace', "unshare: $!" );
    my $init = fork // give_up( 'process', "fork: $!" );
    end_like( wait_alone($init) ) if $init;
    die_with_parent();
    return;
}

# An ordinary user may map one id, their own, and becomes 0 in the world. Root becomes an unprivileged range,
# because nothing on the machine must be within reach of the world's root.
sub write_id_maps {
    my ( $pid, $uid, $gid ) = @_;
    my ( $users, $groups ) = ( "0 $uid 1", "0 $gid 1" );
    if ( $uid == 0 ) { $users = $groups = '0 1879048192 65536' }
    else { spill( "/proc/$pid/setgroups", 'deny' ) }
    spill( "/proc/$pid/uid_map", $users ) or return "uid_map: $!";
    spill( "/proc/$pid/gid_map", $groups ) or return "gid_map: $!";
    return '';
}

# Waits for a child; lets go of the channel, so that only PID 1 holds it.
sub wait_alone {
    my $pid = shift;
    open STDIN, '<', '/dev/null';
    open STDOUT, '>', '/dev/null';
    waitpid $pid, 0;
    return $?;
}

# Ends as a child has ended.
sub end_like {
    my $status = shift;
    kill $status & 127, $$ if $status & 127;
    exit( $status >> 8 );
}
