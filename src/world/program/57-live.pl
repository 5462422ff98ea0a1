# A machine as it is: nothing is built around it and nothing is typed there, it is only looked at. What is said elsewhere of
# the student's namespaces is said of those that this process is in.
use strict;
use warnings;

sub look_only {
    no warnings 'redefine';
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
    open( $STUDENT{mnt}, '<', '/proc/self/ns/mnt' ) or give_up( 'looking', "open: $!" );
    return 'real';
}
