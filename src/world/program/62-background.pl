# Background blocks: what a terminal goes on with while others are typed.
use strict;
use warnings;

# A block that runs beside the others: a job of the same shell, with its variables and in its namespace, whose
# output has a FIFO of its own. The mark in the environment finds all its processes again, whoever their parent is.
sub launch_background {
    my ( $name, $launch, $token, $text ) = @_;
    my $terminal = $TERMINAL{$name};
    my $folder = "$TERMINALS/$name";
    $BACKGROUND{$token} = { out => open_fifo("$folder/out.$token"), files => [ map { "$folder/$_.$token" } qw(out command) ] };
    @$terminal{qw(token started launched printed)} = ( $launch, [ now() ], $token );
    spill( "$folder/command.$token", "$text\n" );

    # The trap tells of the end however it comes: `exit`, errexit, or the last line. An interactive shell, that of a visit,
    # ignores SIGTERM, and so would what it starts in the background (bash(1), SIGNALS).
    syswrite $terminal->{in},
      "{ { case \$- in *i*) builtin trap - TERM; esac; trap '{ . $folder/end $token \$? background; } 2>/dev/null' EXIT; export LABRUN_BACKGROUND=$token; } 2>/dev/null; "
      . ". $folder/command.$token; } >$folder/out.$token 2>&1 &\n"
      # That shell would also tell the student how it has ended, with labrun's own words in it. It is told of as a job first.
      . "{ . $folder/end $launch \$? && :; case \${__labrun_waits-} in ?*) builtin disown \$! || builtin : ;; esac; } 2>/dev/null\n";
    return;
}

# How many processes of a background block there are; signals them. Its own subshell has no mark: it is the job.
sub signal_background {
    my ( $token, $signal ) = @_;
    my $background = $BACKGROUND{$token} or return 0;
    my %job = %{ $background->{job} // {} };
    my @roots = (
        ( grep { same_process( $_, $job{$_} ) } keys %job ),
        grep { ( slurp("/proc/$_/environ") // '' ) =~ /(?:^|\0)LABRUN_BACKGROUND=\Q$token\E(?:\0|$)/ } processes()
    );
    my %seen;
    my @all = grep { !$seen{$_}++ } @roots, map { $_->{pid} } descendants( {}, @roots );
    # Parents first: a shell that ends before its child does has nothing to say of the child's end.
    kill $signal, @all;
    my $left = grep { kill 0, $_ } @all;
    drain( $token, $background );
    if ( !$left ) {
        unlink @{ $background->{files} };
        delete $BACKGROUND{$token};
    }
    return $left;
}
