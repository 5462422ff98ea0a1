# A probe is one program run beside the terminals, in the network namespace of a place: what checks look at the
# world with. It does not go through a shell and takes nothing from the student's but the network: programs, their
# libraries and settings are the machine's own, and no process of the student's can see it. Where a command line of a
# lab has to be run among the student's files and processes, the probe is one of them, which is said by `among`.
use strict;
use warnings;

my %PROBE;    # id => { pid, stdout, stderr, status }

sub start_probe {
    my ( $id, $place, $among, $input, @command ) = @_;
    if ( $place ne 'host' && !$OUTSIDE{$place} && !open_named($place) ) {
        return send_message( 'refused', $id, 'ENONET', "there is no network namespace '$place'" );
    }
    pipe( my $out, my $out_of_child ) or return send_message( 'refused', $id, 'EIO', "pipe: $!" );
    pipe( my $err, my $err_of_child ) or return send_message( 'refused', $id, 'EIO', "pipe: $!" );
    pipe( my $in, my $in_of_child ) or return send_message( 'refused', $id, 'EIO', "pipe: $!" );
    pipe( my $failure, my $failure_of_child ) or return send_message( 'refused', $id, 'EIO', "pipe: $!" );
    my $names = !$among && !$OUTSIDE{$place} && students_names();
    my $pid = ( $among ? fork_student() : fork ) // return send_message( 'refused', $id, 'EAGAIN', "fork: $!" );
    if ( !$pid ) {
        my $entered = $among ? become_student($place) : ( !asks_for_named(@command) || show_named() ) && enter_network($place);
        if ( $entered && $names ) { $entered = unshare(CLONE_NEWNS) && mount( $names, '/etc/hosts', undef, MS_BIND ) }
        if ( !$entered ) { syswrite $failure_of_child, 'ENONET ' . "entering network namespace '$place': $!"; exit 126 }
        setpgrp 0, 0;
        default_signals();
        open STDIN, '<&', $in;
        open STDOUT, '>&', $out_of_child;
        open STDERR, '>&', $err_of_child;
        my $environment = world_environment();
        delete @$environment{qw(LD_PRELOAD _STDBUF_O)};
        %ENV = ( %$environment, LC_ALL => 'C' );
        if ( !$among && $command[0] eq 'perl' ) { $ENV{LABRUN_STUDENT} = handed_on( $STUDENT{mnt} ) }
        chdir '/';
        no warnings 'exec';
        exec { $command[0] } @command;
        syswrite $failure_of_child, ( $! == 2 ? 'ENOENT' : 'EACCES' ) . " $command[0]: $!";
        exit 127;
    }
    close $_ for $out_of_child, $err_of_child, $in, $failure_of_child;
    local $SIG{PIPE} = 'IGNORE';
    syswrite $in_of_child, $input if $input ne '';
    close $in_of_child;
    my $reason = '';
    sysread $failure, $reason, 4096;    # ends when the program was started: the pipe closes on exec
    if ( $reason ne '' ) {
        waitpid $pid, 0;
        return send_message( 'refused', $id, split / /, $reason, 2 );
    }
    $PROBE{$id} = { pid => $pid, stdout => $out, stderr => $err };
    send_message( 'started', $id );
    return;
}

# Names are the student's to give, so what looks from the student's machine knows them by the student's /etc/hosts: by a copy
# of its lines that name an address. Says where the copy is; nothing where the file is as it was, or cannot be read.
my $NAMES = '';

sub students_names {
    my ( $file, $text );
    return if !$INIT;    # nothing is built around this machine
    in_student_root( sub { sysopen $file, '/etc/hosts', O_NONBLOCK } ) or return;
    return if !-f $file || !defined sysread $file, $text, 65536;
    my $names = join '', map { "$_\n" } grep { /^[0-9a-fA-F.:]+(?:[ \t]+[\w.-]+)+[ \t]*(?:#[ -~]*)?$/ } split /\n/, $text;
    $NAMES = $names if $NAMES eq '';
    my $copy = '/run/labrun/hosts';
    return -e $copy ? $copy : undef if $names eq $NAMES;
    $NAMES = $names;
    return spill( $copy, $names ) || $names eq '' ? $copy : undef;
}

# The number of an open file that stays open in the program that is started.
sub handed_on {
    my $file = shift;
    fcntl $file, 2, 0;    # F_SETFD
    return fileno $file;
}

# ip(8) finds namespaces by their names in a folder, and so does whatever ip is called by.
sub asks_for_named {
    my ( $program, @words ) = @_;
    return $program =~ /sh$/ || $program eq 'ip' && grep { /^net/ || /^-n/ } @words;
}

sub probe_handles {
    return map { grep { $_ } @$_{qw(stdout stderr)} } values %PROBE;
}

sub serve_probes {
    my $readable = shift;
    for my $id ( keys %PROBE ) {
        for my $stream (qw(stdout stderr)) {
            my $handle = $PROBE{$id}{$stream};
            pass_probe( $id, $stream ) if $handle && $readable->($handle);
        }
        end_probe($id);
    }
    return;
}

sub pass_probe {
    my ( $id, $stream ) = @_;
    my $count = sysread( $PROBE{$id}{$stream}, my $bytes, 65536 );
    if ($count) { send_message( $stream, $id, $bytes ) }
    elsif ( defined $count ) { delete $PROBE{$id}{$stream} }
    return $count;
}

# The end is told after all output; a child that outlives the probe and holds its pipes is not waited for.
sub end_probe {
    my $id = shift;
    my $probe = $PROBE{$id};
    return if !defined $probe->{status};
    for my $stream ( grep { $probe->{$_} } qw(stdout stderr) ) {
        my $set = '';
        vec( $set, fileno $probe->{$stream}, 1 ) = 1;
        while ( $probe->{$stream} && select( my $ready = $set, undef, undef, 0 ) > 0 ) { pass_probe( $id, $stream ) or last }
    }
    send_message( 'exited', $id, $probe->{status} >> 8, $probe->{status} & 127 );
    delete $PROBE{$id};
    return;
}

sub probe_ended {
    my ( $pid, $status ) = @_;
    my ($id) = grep { $PROBE{$_}{pid} == $pid } keys %PROBE or return 0;
    $PROBE{$id}{status} = $status;
    end_probe($id);
    return 1;
}

# The number by which one network namespace knows another (rtnetlink(7), RTM_GETNSID): -1 if it does not. Told without a
# program and without a process.
sub namespace_number {
    my ( $id, $place, $other ) = @_;
    my $number = number_in( $place, open_network($other) );
    return send_message( 'refused', $id, 'ENONET', "no namespace '$place' or '$other'" ) if !defined $number;
    send_message( 'stdout', $id, $number );
    return send_message( 'exited', $id, 0, 0 );
}

sub open_network {
    my $place = shift;
    return open_named($place) if $place ne 'host' && !$OUTSIDE{$place};
    open( my $namespace, '<', $OUTSIDE{$place} // '/proc/self/ns/net' ) or return;
    return $namespace;
}

sub number_in {
    my ( $place, $namespace ) = @_;
    return if !$namespace || !enter_network($place);
    my $made = socket my $netlink, 16, 3, 0;
    if ( $place ne 'host' ) { enter_open_namespace( $STUDENT{net}, CLONE_NEWNET ) or exit 1 }
    send $netlink, pack( 'L S S L L C x3 S S L', 28, 90, 1, 1, 0, 0, 8, 3, fileno $namespace ), 0 or return if $made;
    return if !$made || !defined recv $netlink, my $reply, 4096, 0;
    return if ( unpack 'L S', $reply )[1] != 88;
    return unpack 'x24 l', $reply;
}
