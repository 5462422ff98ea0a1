# A terminal is one bash that reads its program from a FIFO, byte by byte, so that a shell which a command starts
# (`ip netns exec net1 bash`) goes on reading where the outer one stopped, and `exit` goes back. Each command is a
# file that is sourced: a syntax error, an unclosed quote or a `return` ends the command, not the shell. How a
# command ended comes on a FIFO of its own, so nothing that it prints can be mistaken for that.
use strict;
use warnings;

my $TERMINALS = '/run/labrun/terminal';
my %TERMINAL;      # name => { shell, in, status, out, generation, token, started, jobs, text, printed, discarded }
my %BACKGROUND;    # token => { out, printed, discarded }: blocks that run while others go on

sub world_environment {
    my ($library) = grep { -e } map { "$_/libstdbuf.so" } qw(/usr/libexec/coreutils /usr/lib/coreutils);
    return {
        PATH => '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME => '/root', USER => 'root',
        LOGNAME => 'root', SHELL => '/bin/bash', LANG => 'C.UTF-8', TERM => 'dumb', PYTHONUNBUFFERED => 1,

        # Standard output is a pipe here: without this a program's lines would appear only when it ends.
        $library ? ( LD_PRELOAD => $library, _STDBUF_O => 'L' ) : (),
    };
}

sub open_terminal {
    my ( $name, $place ) = @_;
    my $folder = "$TERMINALS/$name";
    my $terminal = $TERMINAL{$name} //= { generation => 0, jobs => {}, place => $place };
    my $generation = ++$terminal->{generation};
    mkdir $_ for $TERMINALS, $folder;
    if ( !$terminal->{out} || !-p "$folder/out" ) {
        $terminal->{out} = open_fifo("$folder/out") or return send_message( 'ended', $name, 126 );
    }
    close $terminal->{$_} for grep { $terminal->{$_} } qw(in status);
    $terminal->{in} = open_fifo("$folder/in.$generation");
    $terminal->{status} = open_fifo("$folder/status.$generation");
    $terminal->{text} = '';

    # SIGRTMAX leaves the command, as Ctrl-C would. SIGINT cannot do that: when a child dies of it too, bash runs the
    # trap in the middle of its own bookkeeping, and a `return` from there breaks it (5.2: later traps do not come).
    # A shell that was started in the background (it ignores SIGINT) must not read what is typed.
    my $written = spill( "$folder/env", <<"ENV" ) && spill( "$folder/end", <<"END" );
case \$0 in
$folder/in.*) BASH_ARGV0=bash; shopt -s expand_aliases; trap : INT; trap '{ [ "\${BASH_SOURCE-}" = $folder/end ] || return 130; } 2>/dev/null' RTMAX;;
bash|-bash|*/bash) if [ -z "\${BASH_EXECUTION_STRING+x}" ] && [ \$# = 0 ] && [ -p $folder/in.$generation ] && [ /dev/stdin -ef /dev/null ] && [ -z "\$(builtin trap -p INT)" ]; then builtin exec bash --norc $folder/in.$generation; fi;;
esac
ENV
case "\${3-}:\${!-}" in
:) builtin printf 'done %s %s ;' "\$1" "\$2" >$folder/status.$generation;;
:*) { builtin printf 'done %s %s ' "\$1" "\$2"; builtin jobs -p; builtin printf ';'; } >$folder/status.$generation;;
*) builtin printf '!%s %s!' "\$1" "\$2" >$folder/status.$generation;;
esac
builtin return "\$2"
END
    if ( !$written || !$terminal->{in} || !$terminal->{status} ) { return send_message( 'ended', $name, 126 ) }
    my $pid = fork_student() // return send_message( 'ended', $name, 126 );
    if ( !$pid ) {
        become_student( $terminal->{place} ) or exit 126;
        open STDIN, '<', '/dev/null';
        open STDOUT, '>', "$folder/out" or exit 126;
        open STDERR, '>&', \*STDOUT or exit 126;
        setpgrp 0, 0;
        default_signals();
        chdir '/root';
        %ENV = ( %{ world_environment() }, BASH_ENV => "$folder/env" );
        no warnings 'exec';
        exec 'bash', '--norc', "$folder/in.$generation" or exit 127;
    }
    $terminal->{shell} = $pid;
    return;
}

# What PID 1 ignores would be ignored by every program of the world too, Ctrl-C among it.
sub default_signals { $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP QUIT PIPE CHLD); return }

# Both ends are held here, so a reader never sees an end and a writer never a broken pipe.
sub open_fifo {
    my $path = shift;
    unlink $path;
    make_fifo($path) && chmod 0666, $path or return;
    sysopen( my $fifo, $path, O_RDWR | O_NONBLOCK ) or return;
    fcntl $fifo, 1031, 1 << 20;    # F_SETPIPE_SZ: fewer turns for a program that prints much
    return $fifo;
}

sub type_command {
    my ( $name, $token, $text ) = @_;
    my $terminal = $TERMINAL{$name};
    my $folder = "$TERMINALS/$name";
    @$terminal{qw(token started launched printed)} = ( $token, [ now() ] );
    my $file = "$folder/command";
    if ( !spill( $file, "$text\n" ) ) { return kill 'KILL', $terminal->{shell} }

    # `&& :` keeps $? for the next command without waking errexit or an ERR trap.
    syswrite $terminal->{in}, ". $file\n{ . $folder/end $token \$? && :; } 2>/dev/null\n";
    return;
}

# Of what has printed too much nothing is read until the next command, so that it has to wait and costs nothing.
sub terminal_handles {
    return
      map { grep { $_ } $_->{status}, !has_too_much($_) || $_->{token} ? $_->{out} : () } values %TERMINAL, values %BACKGROUND;
}

sub serve_terminals {
    my $readable = shift;
    for my $name ( keys %TERMINAL ) {
        my $terminal = $TERMINAL{$name};
        pass_output( $name, $terminal, 65536 ) if $readable->( $terminal->{out} );
        read_status( $name, $terminal ) if $terminal->{status} && $readable->( $terminal->{status} );
    }
    for my $token ( keys %BACKGROUND ) {
        pass_output( $token, $BACKGROUND{$token}, 65536 ) if $readable->( $BACKGROUND{$token}{out} );
    }
    return;
}

sub has_too_much { my $from = shift; return $LIMIT{output} && ( $from->{printed} // 0 ) > $LIMIT{output} }

sub pass_output {
    my ( $name, $from, $most ) = @_;
    my $count = sysread( $from->{out}, my $bytes, $most ) or return;
    my $had_too_much = has_too_much($from);
    $from->{printed} += $count;
    if ( !has_too_much($from) ) { send_message( 'output', $name, $bytes ) }
    else { $from->{discarded} += $count }
    if ( has_too_much($from) && !$had_too_much ) {
        tell_limit('output');
        signal_terminal( $name, 'KILL', 'command' ) if $from->{token};
    }
    return $count;
}

# What a command wrote before it ended is in the pipe when its end is reported: that many bytes are its own.
sub drain {
    my ( $name, $from ) = @_;
    my $waiting = pack 'i', 0;
    ioctl $from->{out}, 0x541B, $waiting or return;    # FIONREAD
    my $left = unpack 'i', $waiting;
    while ( $left > 0 ) {
        my $count = pass_output( $name, $from, $left > 65536 ? 65536 : $left ) or last;
        $left -= $count;
    }
    send_message( 'discarded', $name, delete $from->{discarded} ) if $from->{discarded};
    look_at_limits(1);
    return;
}

sub read_status {
    my ( $name, $terminal ) = @_;
    sysread $terminal->{status}, $terminal->{text}, 65536, length $terminal->{text};
    my $surplus = length( $terminal->{text} ) - 131072;
    substr( $terminal->{text}, 0, $surplus ) = '' if $surplus > 0;    # somebody else writes there: it is not ours

    # The end of a background block is told in one write, which may come between those of the terminal's shell.
    while ( $terminal->{text} =~ s/!(\w+) (\d+)!// ) {
        my ( $token, $status ) = ( $1, $2 );
        next if !$BACKGROUND{$token};
        drain( $token, $BACKGROUND{$token} );
        send_message( 'done', $token, $token, $status );
    }
    while ( $terminal->{text} =~ s/\A([^;]*);// ) {
        my ( $token, $status, $jobs ) = $1 =~ /done (\w+) (\d+) ([\d\s]*)\z/ or next;
        my @jobs = split ' ', $jobs;
        next if visit_ended( $token, $status );
        if ( $token eq ( $terminal->{token} // '' ) ) {
            note_jobs( $terminal, @jobs );
            $terminal->{token} = '';
            drain( $name, $terminal );
            send_message( 'done', $name, $token, $status );
        }
    }
    return;
}

# The jobs of the innermost shell, and those of the shells around it, which it does not know.
sub note_jobs {
    my ( $terminal, @numbers ) = @_;
    my @pids = numbers_outside(@numbers);
    my %old = %{ $terminal->{jobs} };
    my %new = map { $_ => started($_) } grep { !same_process( $_, $old{$_} ) } @pids;
    delete $new{$_} for grep { !defined $new{$_} } keys %new;
    delete $old{$_} for grep { !same_process( $_, $old{$_} ) } keys %old;
    $terminal->{jobs} = { %old, %new };
    my $token = delete $terminal->{launched} // return;
    $BACKGROUND{$token}{job} = \%new if $BACKGROUND{$token};
    return;
}

# The shell of a terminal is gone: what ended it is the status of the command.
sub shell_ended {
    my ( $pid, $status ) = @_;
    for my $name ( grep { ( $TERMINAL{$_}{shell} // 0 ) == $pid } keys %TERMINAL ) {
        my $terminal = $TERMINAL{$name};
        read_status( $name, $terminal );
        drain( $name, $terminal );
        $terminal->{shell} = 0;
        $terminal->{token} = '';
        send_message( 'ended', $name, $status );        # first: who knows that a visit has ended may type again
        visit_ended( $_, 126 ) for visits_in($name);    # whatever it ended with: 0 and 1 would say that it goes on
        return 1;
    }
    return 0;
}
