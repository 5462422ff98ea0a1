# A visit: a person's own terminal inside a terminal of the world. The terminal's shell, which reads from a FIFO, starts
# an interactive bash on a pseudo-terminal and waits for it. So that bash is where the shell is: in its folder, its
# namespace, with its variables; what it has changed goes back when it ends (visit.bash).
use strict;
use warnings;

use constant { O_NOCTTY => 256, ON_ITS_WAY => 1 << 17 };
my $VISITS = '/run/labrun/visit';    # the student's, for what a shell of a visit writes down: nothing in it is read here
my %VISIT;    # id => { master, slave, terminal, credit, pending, side, text, shell, busy, files, own }

# `rc`: what bash begins with; the places of its files are put into it here.
sub start_visit {
    my ( $id, $name, $rows, $cols, $term, $rc, $history ) = @_;
    my $terminal = $TERMINAL{$name};
    my $folder = "$TERMINALS/$name";
    my ( $master, $slave, $path ) = open_pty( $rows, $cols ) or return send_message( 'left', $id, 126 );
    my %place = ( map( { $_ => "$folder/$_.$id" } qw(side line past rc enter visit) ), map { $_ => "$VISITS/$_.$id" } qw(state back history leave) );
    @place{qw(shell in out end tty token term visits perl bash)} = (
        number_inside( $terminal->{shell} ), "$folder/in.$terminal->{generation}", "$folder/out", "$folder/end", $path, $id, $term, $VISITS,
        map { path_of($_) } qw(perl bash)
    );
    my $side = open_fifo( $place{side} );
    my $text = visit_text();
    s/\@(\w+)\@/$place{$1} \/\/ $&/ge for $rc, $text;
    my $written = $side && $terminal->{in} && spill( $place{rc}, $rc ) && spill( $place{visit}, $text )
      && spill( $place{enter}, enter_program() ) && ( $history eq '' || spill( $place{past}, $history ) );
    return send_message( 'left', $id, 126 ) if !$written;
    in_student_root( \&write_bashrc );
    $VISIT{$id} = {
        master => $master, slave => $slave, terminal => $name, credit => ON_ITS_WAY, pending => '', side => $side,
        text => '', shell => 0, busy => 1, line => $place{line}, files => [ @place{qw(side line past rc enter visit)} ], own => [ @place{qw(state back history leave)} ],
    };
    syswrite $terminal->{in}, ". $place{visit}\n";
    return;
}

# In a folder of the student's, where anything may be: only a file that is not there yet is written.
sub write_bashrc {
    my $flags = O_WRONLY | O_CREAT | O_EXCL | O_NONBLOCK;    # with O_EXCL no link is followed (open(2))
    sysopen my $file, '/root/.bashrc', $flags, 0644 or return;
    return syswrite $file, "[ -z \"\${LABRUN_SHELL-}\" ] || . \"\$LABRUN_SHELL\"\n";
}

# Whatever the student's PATH is.
sub path_of {
    my $name = shift;
    return ( grep { -x } map { "$_/$name" } split /:/, world_environment()->{PATH} )[0] // $name;
}

# In the student's own devpts (pts(4), ioctl_tty(2)). Its other end is held open here too, so that it is never at its end.
sub open_pty {
    my ( $rows, $cols ) = @_;
    my ( $master, $slave );
    in_student_root( sub { sysopen $master, '/dev/ptmx', O_RDWR | O_NOCTTY | O_NONBLOCK } ) or return;
    my ( $unlock, $number ) = ( pack( 'i', 0 ), pack( 'i', 0 ) );
    ioctl( $master, 0x40045431, $unlock ) && ioctl( $master, 0x80045430, $number ) or return;    # TIOCSPTLCK, TIOCGPTN
    my $peer = ioctl( $master, 0x5441, O_RDWR | O_NOCTTY ) or return;                            # TIOCGPTPEER
    open( $slave, '+<&=', $peer + 0 ) or return;
    set_size( $master, $rows, $cols );
    return ( $master, $slave, '/dev/pts/' . unpack 'i', $number );
}

sub set_size {
    my ( $master, $rows, $cols ) = @_;
    my $size = pack 'S4', $rows, $cols, 0, 0;
    return ioctl $master, 0x5414, $size;    # TIOCSWINSZ
}

# The terminal's shell hands its state over, waits, and takes back what was changed. What is typed into it meanwhile is
# read by the bash of the visit, so nothing may be left to read but this one line.
sub visit_text {
    return <<'TEXT';
( builtin unset -v TERM COLUMNS LINES BASH_ENV LD_PRELOAD _STDBUF_O SHLVL
  builtin declare -p; builtin declare -f; builtin alias -p; builtin shopt -p
  for __labrun in allexport noclobber noglob nounset pipefail; do
    case ":$SHELLOPTS:" in *":$__labrun:"*) builtin printf 'set -o %s\n' "$__labrun" ;; esac
  done
  builtin printf 'set --'; [ "$#" = 0 ] || builtin printf ' %q' "$@" ) >@state@ 2>/dev/null
TERM=@term@ builtin command @perl@ @enter@ @tty@ @bash@ --rcfile @rc@ -i || :
[ ! -e @back@ ] || . @back@
{ if [ $$ = @shell@ ]; then . @end@ @token@ 0; else . @end@ @token@ 1 && :; fi; } 2>/dev/null
TEXT
}

# Runs bash as the first process of a session on the pseudo-terminal. What has opened the session stays when bash ends,
# because the kernel would hang the terminal up otherwise, and what goes on in the background could print no more.
sub enter_program {
    return sprintf <<'PERL', $NR->{setsid};
pipe my $end, my $end_of_child or exit 126;
my $holder = fork // exit 126;
if ($holder) { close $end_of_child; sysread $end, my $status, 8; exit( $status // 126 ) }
close $end;
syscall(%d) >= 0 or exit 126;
my ( $tty, @command ) = @ARGV;
open my $terminal, '+<', $tty or exit 126;
my $none = 0;
ioctl $terminal, 0x540E, $none or exit 126;    # TIOCSCTTY
my $shell = fork // exit 126;
if ( !$shell ) {
    open STDIN, '<&', $terminal;
    open STDOUT, '>&', $terminal;
    open STDERR, '>&', $terminal;
    close $end_of_child;
    close $terminal;
    $SIG{$_} = 'DEFAULT' for qw(INT QUIT TERM HUP PIPE TSTP TTIN TTOU CHLD);
    delete @ENV{qw(BASH_ENV LD_PRELOAD _STDBUF_O)};
    exec { shift @command } 'bash', @command;
    exit 127;
}
$SIG{$_} = 'IGNORE' for qw(INT QUIT TERM HUP TSTP TTIN TTOU);
open STDIN, '<', '/dev/null';
open STDOUT, '>', '/dev/null';
open STDERR, '>', '/dev/null';
# 2: WUNTRACED. What has only stopped (`suspend`) is still there; there is no other shell that would go on with it.
while ( waitpid( $shell, 2 ) == $shell && kill 0, $shell ) {
    my $front = pack 'i', $shell;
    ioctl $terminal, 0x5410, $front;    # TIOCSPGRP
    kill 'CONT', $shell;
}
syswrite $end_of_child, $? & 127 ? 128 + ( $? & 127 ) : $? >> 8;
close $end_of_child;
sleep 1000 while 1;
PERL
}

sub visit_handles {
    return map { ( $_->{side}, $_->{credit} > 0 ? $_->{master} : () ) } values %VISIT;
}

sub visits_in { my $name = shift; return grep { !$VISIT{$_}{ended} && $VISIT{$_}{terminal} eq $name } keys %VISIT }

sub visits_to_write { return map { $_->{master} } grep { $_->{pending} ne '' } values %VISIT }

sub serve_visits {
    my ( $readable, $writable ) = @_;
    for my $id ( keys %VISIT ) {
        my $visit = $VISIT{$id};
        write_keys( $id, '' ) if $visit->{pending} ne '' && $writable->( $visit->{master} );
        pass_screen($id) if $visit->{credit} > 0 && $readable->( $visit->{master} );
        read_side($id) if $readable->( $visit->{side} );

        # What has not come to its prompt yet is told there; and around its prompt bash may miss it.
        hang_up_again($id) if $visit->{gone} && time > $visit->{gone} && !$visit->{ended};
    }
    return;
}

sub hang_up_again {
    my $id    = shift;
    my $visit = $VISIT{$id};
    return hang_up($id) if is_reading($visit);

    # What had not begun yet when the window went knows nothing of it. Not the shell: twice would be too much for it.
    my $group = foreground($visit);
    return if !$group || $group == $visit->{shell};
    $visit->{gone} = time;
    kill $_, -$group for qw(HUP CONT);
    return;
}

# The process group that reads the keys.
sub foreground {
    my $packed = pack 'i', 0;
    ioctl $_[0]{master}, 0x540F, $packed;    # TIOCGPGRP
    return unpack 'i', $packed;
}

# No more is on its way to labrun than it has asked for: what a program prints without end waits in the program.
sub pass_screen {
    my $id = shift;
    my $visit = $VISIT{$id};
    return 0 if $visit->{credit} <= 0;
    my $count = sysread $visit->{master}, my $bytes, $visit->{credit} > 65536 ? 65536 : $visit->{credit};
    return 0 if !$count || $visit->{ended};
    $visit->{credit} -= $count;
    send_message( 'screen', $id, $bytes );
    return $count;
}

# What the program does not read waits here; labrun is told how much was taken, and sends no more than may wait.
sub write_keys {
    my ( $id, $bytes ) = @_;
    my $visit = $VISIT{$id} or return;
    $visit->{busy} = 1 if $bytes =~ /[\r\n\x04\x0f\x16\x18]|\e\z/;    # it may end the line that is being typed, or quote what comes next
    $visit->{pending} .= $bytes;
    my $count = syswrite $visit->{master}, $visit->{pending};
    return if !$count;
    substr( $visit->{pending}, 0, $count ) = '';
    return send_message( 'taken', $id, $count );
}

# What bash tells of itself; a message ends with a NUL, which no command can contain.
sub read_side {
    my $id = shift;
    my $visit = $VISIT{$id};
    sysread $visit->{side}, $visit->{text}, 65536, length $visit->{text};
    my $surplus = length( $visit->{text} ) - 131072;
    substr( $visit->{text}, 0, $surplus ) = '' if $surplus > 0;    # somebody else writes there: it is not bash
    while ( $visit->{text} =~ s/\A([^\0]*)\0// ) {
        my ( $token, $kind, $shell, @rest ) = split / /, $1, 4;
        next if ( $token // '' ) ne $id || !@rest;
        if ( $kind eq 'prompt' ) {
            @$visit{qw(shell busy)} = ( ( numbers_outside($shell) )[0] // 0, 0 );
            $visit->{first} //= $visit->{shell};
        }

        # What the command has printed is on the screen before anything is said of it.
        pass_screen($id);
        send_message( 'report', $id, $kind, $shell, @rest );
    }
    return;
}

# Shows a line above the prompt, if the person is at one: a key that bash knows makes it print the line and draw the
# prompt and what is being typed anew. To any other program the key would be a key.
sub nudge {
    my ( $id, $text, $even_if_busy ) = @_;
    my $visit = $VISIT{$id} or return;
    my $can = ( !$visit->{busy} || $even_if_busy ) && is_reading($visit) && spill( $visit->{line}, "$text\n" );
    syswrite $visit->{master}, "\x18\x1f" if $can;
    return send_message( 'nudged', $id, $can ? 1 : 0 );
}

# Bash edits a line: it is in front, has taken all that was typed, and has set the terminal as readline does.
sub is_reading {
    my $visit = shift;
    my ( $waiting, $modes ) = ( pack( 'i', 0 ), "\0" x 64 );
    ioctl( $visit->{slave}, 0x541B, $waiting ) && ioctl( $visit->{slave}, 0x5401, $modes ) or return 0;    # FIONREAD, TCGETS
    my ( $input, $local ) = ( unpack 'L4', $modes )[ 0, 3 ];
    return !( $input & 0x100 ) && !( $local & 2 ) && unpack( 'i', $waiting ) == 0 && foreground($visit) == $visit->{shell};
}

# The window is gone: what runs in it is told so, as by any terminal. `$within`: only what runs in the first shell, and keeps
# that from its end.
sub hang_up {
    my ( $id, $within ) = @_;
    my $visit = $VISIT{$id} or return;
    $visit->{gone} = time if !$within;
    my $group = foreground($visit);
    my @whom = ( -$group, $within || $group == $visit->{shell} ? () : $visit->{shell} );    # twice at once is too much for bash
    if ( $within && $group == ( $visit->{first} // 0 ) ) { return }
    for ( grep { $_ } @whom ) { kill 'HUP', $_; kill 'CONT', $_ }
    return;
}

# `status`: 1 where the terminal's shell is one that was started in another, 0 where it is the first, else that of its end.
# What goes on in the background may still print to its screen: it is read and thrown away.
sub visit_ended {
    my ( $id, $status ) = @_;
    my $visit = $VISIT{$id} or return 0;
    read_side($id);
    pass_screen($id) for 1 .. 4;
    @$visit{qw(ended credit shell)} = ( 1, ON_ITS_WAY, 0 );
    unlink @{ $visit->{files} };
    in_student_root( sub { unlink @{ $visit->{own} } } );
    $status = 126 if !$visit->{first} && !$visit->{gone};    # there never was a prompt
    send_message( 'left', $id, $status );
    return 1;
}
