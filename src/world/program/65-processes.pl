# Which processes belong to a command, and how they are ended.
use strict;
use warnings;

my $LOAD;    # stays open: it is read for every command

# Ctrl-C and harder. `command`: what the running command started, but no job from before; the innermost shell is asked
# to leave the command. `shell`: that shell too.
sub signal_terminal {
    my ( $name, $signal, $whom ) = @_;
    my $terminal = $TERMINAL{$name};
    return if !$terminal->{shell} || !$terminal->{token};
    my ( $shell, @targets ) = running( $name, $terminal );
    if ( $signal eq 'KILL' ) {    # stopped first, so that none can start another meanwhile
        kill 'STOP', $whom eq 'shell' ? $shell : (), @targets;
        ( $shell, @targets ) = running( $name, $terminal );
    }
    kill $whom eq 'shell' ? $signal : SIGRTMAX, $shell;
    kill $signal, @targets;
    return;
}

# The innermost shell, and what the running command has started.
sub running {
    my ( $name, $terminal ) = @_;
    my $shell = $terminal->{shell};
    my @targets;
    for my $process ( descendants( $terminal->{jobs}, $shell ) ) {
        if ( is_since( $process, @{ $terminal->{started} } ) ) { push @targets, $process->{pid} }
        elsif ( $process->{program} && ( slurp("/proc/$process->{pid}/cmdline") // '' ) =~ m{\Q$TERMINALS/$name/\E(?:in|rc)\.} ) {
            $shell = $process->{pid};
        }
    }
    return ( $shell, @targets );
}

# The student's shell numbers them as it sees them; the second of the numbers in proc(5), status, NSpid.
sub numbers_outside {
    my %inside = map { $_ => 1 } @_ or return;
    return grep { ( slurp("/proc/$_/status") // '' ) =~ /^NSpid:\t\d+\t(\d+)/m && $inside{$1} } processes();
}

# That number of a process of the student's.
sub number_inside { return ( ( slurp("/proc/$_[0]/status") // '' ) =~ /^NSpid:\t\d+\t(\d+)/m )[0] // 0 }

sub processes { return grep { /^\d+$/ && $_ > 1 } list('/proc') }

# The processes below the given ones, parents first, without those of the given jobs. `started` in clock ticks;
# `program`: it has called exec, so it is no subshell (proc(5), stat; PF_FORKNOEXEC).
sub descendants {
    my ( $jobs, @roots ) = @_;
    my %children;
    for my $pid ( processes() ) {
        my @fields = status_fields($pid) or next;
        push @{ $children{ $fields[1] } }, { pid => $pid, started => $fields[19], program => !( $fields[6] & 0x40 ) };
    }
    my @found;
    my @open = map { @{ $children{$_} // [] } } @roots;
    while ( my $process = shift @open ) {
        next if ( $jobs->{ $process->{pid} } // '' ) eq $process->{started};
        push @found, $process;
        push @open, @{ $children{ $process->{pid} } // [] };
    }
    return @found;
}

sub started {
    my @fields = status_fields(shift);
    return $fields[19];
}

sub same_process {
    my ( $pid, $started ) = @_;
    return defined $started && $started eq ( started($pid) // '' );
}

# The fields of proc(5), stat, from the third on.
sub status_fields {
    my $text = slurp("/proc/$_[0]/stat") // return;
    return split / /, substr $text, rindex( $text, ')' ) + 2;
}

# A moment in the life of the world: clock ticks (100 a second) and, within a tick, the last process number given out.
sub now {
    return ( int( 100 * since_boot() ), ( load() )[1] );
}

# How many threads the machine has, and the last process number that was given out (proc(5), loadavg).
sub load {
    if ( !$LOAD ) { open $LOAD, '<', '/proc/loadavg' or return ( 0, 0 ) }
    sysseek $LOAD, 0, 0;
    sysread $LOAD, my $text, 128;
    return $text =~ m{/(\d+) (\d+)};
}

sub is_since {
    my ( $process, $ticks, $pid ) = @_;
    return $process->{started} > $ticks || $process->{started} == $ticks && $process->{pid} > $pid;
}
