# A machine as it is: nothing is built around it and nothing is typed there, it is only looked at. What is said elsewhere of
# the student's namespaces is said of those that this process is in.
use strict;
use warnings;

sub look_only {
    no warnings 'redefine';
    stay_together() if $> == 0;
    *open_named = sub {
        sysopen( my $namespace, '/run/netns/' . shift, O_NONBLOCK ) or return;
        if ( ( ioctl( $namespace, 0xB703, 0 ) // 0 ) != CLONE_NEWNET ) { $! = 2; return }    # NS_GET_NSTYPE
        return $namespace;
    };
    *show_named = sub { 1 };    # they are there already
    *fork_student = sub { fork };
    *become_student = sub { enter_network(shift) };
    *is_student_gone = sub { 0 };
    *look_at_limits = sub { };
    *open_terminal = sub { send_message( 'ended', shift, 126 ) };
    for my $kind (qw(mnt net)) { open( $STUDENT{$kind}, '<', "/proc/self/ns/$kind" ) or give_up( 'looking', "open: $!" ) }
    return 'real';
}

# A program that gives root up, such as tcpdump, would outlive its parent; none outlives the first one of its PID namespace.
sub stay_together {
    unshare(CLONE_NEWPID) or give_up( 'PID namespace', "unshare: $!" );
    my $init = fork // give_up( 'process', "fork: $!" );
    end_like( wait_alone($init) ) if $init;
    die_with_parent();
    return;
}
