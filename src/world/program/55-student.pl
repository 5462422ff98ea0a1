# The student's namespaces: made by a process that stays in them as their first one, entered by every shell.
use strict;
use warnings;

my %KIND = (
    user => CLONE_NEWUSER, mnt => CLONE_NEWNS, net => CLONE_NEWNET, uts => CLONE_NEWUTS, ipc => CLONE_NEWIPC,
    pid => CLONE_NEWPID,
);

# Makes them, with the root that is prepared at $NEW, and enters their network.
sub make_student {
    my ( $hostname, $ids, $needs ) = @_;
    pipe( my $told, my $told_by_child ) or give_up( 'process', "pipe: $!" );
    pipe( my $opened, my $opened_by_parent ) or give_up( 'process', "pipe: $!" );
    $INIT = $ids eq 'real' ? fork_into(CLONE_NEWPID) : fork_mapped( same_ids($ids), CLONE_NEWPID );
    give_up( 'PID namespace', "clone: $!" ) if !defined $INIT;
    if ( !$INIT ) {
        close $_ for $told, $opened_by_parent;
        unshare(CLONE_NEWNS) or give_up( 'mount namespace', "unshare: $!" );
        unshare( CLONE_NEWUTS | CLONE_NEWIPC ) or give_up( 'UTS namespace', "unshare: $!" );
        unshare(CLONE_NEWNET) or give_up( 'network namespace', "unshare: $!" );
        enter_root( $hostname, $needs );
        set_defaults();
        syswrite $told_by_child, '.';
        sysread $opened, my $end, 1;    # until then its namespaces are there to be opened
        wait_as_init();
    }
    close $told_by_child;
    sysread $told, my $ready, 1 or exit 1;    # it has said why
    for my $kind ( grep { $ids ne 'real' || $_ ne 'user' } keys %KIND ) {
        open( $STUDENT{$kind}, '<', "/proc/$INIT/ns/$kind" ) or give_up( "$kind namespace", "open: $!" );
    }
    close $opened_by_parent;
    for my $kind (qw(uts net)) {    # of its name and its network, nothing else
        enter_open_namespace( $STUDENT{$kind}, $KIND{$kind} ) or give_up( "$kind namespace", "setns: $!" );
    }
    return;
}

sub same_ids {
    my $count = shift eq 'single' ? 1 : 65536;
    return sub { write_id_maps( shift, 0, 0, $count ) };
}

# Takes in orphans, does nothing else, and cannot be made to.
sub wait_as_init {
    let_go_of_channel();
    shut_off();
    $SIG{CHLD} = 'IGNORE';
    $SIG{$_} = 'IGNORE' for qw(INT TERM HUP QUIT PIPE);
    select undef, undef, undef, 3600 while 1;
}

# The kernel ends all processes with the first one, which waits for them (pid_namespaces(7)).
sub is_student_gone {
    my @fields = status_fields($INIT) or return 1;
    return $fields[0] eq 'Z' || $fields[6] & 4;    # PF_EXITING
}

# As fork(2), for a process in the student's PID namespace; its number is that outside.
sub fork_student {
    enter_open_namespace( $STUDENT{pid}, CLONE_NEWPID ) or return;
    my $pid = fork;
    enter_open_namespace( $OWN{pid}, CLONE_NEWPID ) if !defined $pid || $pid;
    return $pid;
}

# Becomes the student at a place; to be called in a process of fork_student. On another machine, root is somebody else,
# and there is another host name, another list of namespaces and another /sys.
sub become_student {
    my $place = shift;
    limit_process() or return 0;
    if ( $place ne 'host' ) { enter_network($place) or return 0 }
    enter_open_namespace( $STUDENT{$_}, $KIND{$_} ) or return 0 for qw(mnt ipc);
    my $outside = $OUTSIDE{$place};
    my $user = $outside ? $OUTSIDE_USER : $STUDENT{user};
    if ($user) { enter_open_namespace( $user, CLONE_NEWUSER ) or return 0 }
    return 1 if !$outside;
    unshare( CLONE_NEWNS | CLONE_NEWUTS ) or return 0;
    set_hostname($place);
    mount( undef, '/', undef, MS_REC | MS_SLAVE ) or return 0;
    mkdir '/run/netns';
    mount( 'tmpfs', '/run/netns', 'tmpfs', MS_NOSUID | MS_NODEV, 'mode=755' );
    umount( '/sys', MNT_DETACH );
    return mount( 'sysfs', '/sys', 'sysfs', MS_NOSUID | MS_NODEV | MS_NOEXEC );
}

# Enters the network namespace of a place; says 0, with $! set, where there is none.
sub enter_network {
    my $place = shift;
    return 1 if $place eq 'host';
    return enter_namespace( $OUTSIDE{$place}, CLONE_NEWNET ) if $OUTSIDE{$place};
    my $namespace = open_named($place) or return 0;
    return enter_open_namespace( $namespace, CLONE_NEWNET );
}

# The namespace that the student calls so. The name may be a link into /proc, which is how people name containers; so it
# has to be looked up where the student is. One of ours is none of the student's, whatever it is called.
sub open_named {
    my $name = shift;
    my $namespace;
    in_student_root( sub { sysopen $namespace, "/run/netns/$name", O_NONBLOCK } ) or return;
    my $kind = ioctl( $namespace, 0xB703, 0 ) // 0;    # NS_GET_NSTYPE: a file that is none has no such call
    my $number = ( stat $namespace )[1];
    if ( $kind != CLONE_NEWNET || grep { ( stat $_ )[1] == $number } $STUDENT{net}, values %OUTSIDE ) { $! = 2; return }
    return $namespace;
}

# What the work returns that is done with the student's files before one's eyes.
sub in_student_root {
    my $work = shift;
    enter_open_namespace( $STUDENT{mnt}, CLONE_NEWNS ) or return;
    my $result = $work->();
    my $error = $!;
    enter_open_namespace( $OWN{mnt}, CLONE_NEWNS ) or exit 1;
    $! = $error;
    return $result;
}

# Gives this process a /run/netns with the student's namespaces, so that ip(8) finds them by name.
sub show_named {
    my ( @names, %found );
    in_student_root( sub { @names = list('/run/netns') } );
    for (@names) { $found{$_} = open_named($_) // next }
    unshare(CLONE_NEWNS) or return 0;
    mkdir '/run/netns';
    mount( 'tmpfs', '/run/netns', 'tmpfs', MS_NOSUID | MS_NODEV | MS_NOEXEC, 'mode=755' ) or return 0;
    for my $name ( keys %found ) {
        touch("/run/netns/$name");
        mount( '/proc/self/fd/' . fileno $found{$name}, "/run/netns/$name", undef, MS_BIND ) or return 0;
    }
    return 1;
}
