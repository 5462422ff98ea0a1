# PID 1 of the world: builds it, then serves labrun until the channel closes; the kernel ends all the rest.
use strict;
use warnings;

$| = 1;
binmode STDIN;
binmode STDOUT;
umask 022;
note_facts();
give_up( 'machine', "unknown processor type '$MACHINE'" ) if !$NR;


# What labrun itself was given by its parent is not for the world.
for ( grep { $_ > 2 } list('/proc/self/fd') ) {
    open( my $inherited, '<&=', $_ ) or next;
    close $inherited;
}

my ($request) = do { my @messages; @messages = receive_messages() while !@messages; @messages };
my ( undef, $needs, $limits, $hostname, $hosts, @lan ) = @$request;
set_limits($limits);
my $ids = $needs eq 'look' ? look_only() : build_world();

sub build_world {
    my $ids = enter_namespaces($needs);
    build_roots( $hostname, $hosts, $needs );
    open_up();    # its children's id maps are its to write
    make_student( $hostname, $ids, $needs );
    enter_grader_root();
    build_lan( $ids, @lan ) if @lan;
    shut_off();
    if ( $ids eq 'single' ) { pretend_ids() or give_up( 'seccomp', "$!" ) }
    return $ids;
}

$SIG{CHLD} = sub { };    # so that select() is interrupted
$SIG{$_} = 'IGNORE' for qw(INT TERM HUP QUIT PIPE);
send_message( 'ready', $MACHINE, $RELEASE, $ids );

my %serve = (
    open => sub { open_terminal(@_) },
    type => \&type_command,
    launch => \&launch_background,
    signal => \&signal_terminal,
    spawn => \&start_probe,
    number => \&namespace_number,
    end => sub {
        my ( $id, $token, $signal ) = @_;
        send_message( 'stdout', $id, signal_background( $token, $signal ) );
        send_message( 'exited', $id, 0, 0 );
    },
    visit => \&start_visit,
    keys => \&write_keys,
    size => sub { my ( $id, @size ) = @_; set_size( $VISIT{$id}{master}, @size ) if $VISIT{$id} },
    wanted => sub { my ( $id, $count ) = @_; $VISIT{$id}{credit} += $count if $VISIT{$id} },
    nudge => \&nudge,
    go => sub { my ( $name, $text ) = @_; syswrite $TERMINAL{$name}{in}, ": go $text\n" },
    'hang-up' => \&hang_up,
    kill => sub { my ( $id, $signal ) = @_; kill $signal, $PROBE{$id}{pid} if $PROBE{$id} },
);
while (1) {
    my $wanted = '';
    vec( $wanted, fileno($_), 1 ) = 1 for \*STDIN, terminal_handles(), visit_handles(), probe_handles();
    my $to_write = '';
    vec( $to_write, fileno($_), 1 ) = 1 for visits_to_write();

    # A child that ends just before select() does not interrupt it: Perl keeps the signal until it returns. So it
    # returns soon in any case, and what has ended is looked for at every turn.
    my $count = select my $ready = $wanted, my $open = $to_write, undef, 0.05;
    $ready = $open = '' if $count <= 0;
    my $readable = sub { vec $ready, fileno $_[0], 1 };
    serve_visits( $readable, sub { vec $open, fileno $_[0], 1 } );
    serve_terminals($readable);
    serve_probes($readable);
    look_at_limits();
    while ( ( my $pid = waitpid -1, WNOHANG ) > 0 ) {
        exit 1 if is_student_gone();    # `reboot`
        shell_ended( $pid, $? & 127 ? 128 + ( $? & 127 ) : $? >> 8 ) || probe_ended( $pid, $? );
    }
    next if !$readable->( \*STDIN );
    for my $message ( receive_messages() ) {
        my ( $name, @arguments ) = @$message;
        $serve{$name}->(@arguments) if $serve{$name};
    }
}
