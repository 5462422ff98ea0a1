# What a world may use of the machine. Memory and processes of the student's are counted together where the machine has
# cgroups that we may use (34-limit-cgroups.pl). Where not, the kernel is asked for what it can do for each process, and what
# all have is looked at again and again. The disk is a tmpfs with a size. What was hit is told to labrun once.
use strict;
use warnings;

my %LIMIT;      # memory, disk, output: bytes; processes, inodes, files, nice: numbers. None: no limit
my $DISK;       # the student's disk, as an open folder
my $CGROUP;     # the student's: { enter => files to write to, memory => its events, processes => its events }
my %TOLD;
my $LOOKED = 0;

sub set_limits { %LIMIT = map { split /=/ } split / /, shift; return }

sub disk_limits {
    return ( 'size=' . ( $LIMIT{disk} // '1g' ), $LIMIT{inodes} ? "nr_inodes=$LIMIT{inodes}" : () );
}

sub watch_disk { sysopen( $DISK, shift, 0 ) or give_up( 'private root', "open: $!" ); return }

# For the process that becomes a shell; what it starts inherits them.
sub limit_process {
    enter_limited_cgroup() or return 0;
    setpriority 0, 0, $LIMIT{nice} if $LIMIT{nice};
    limit_resource( 4, 0 ) or return 0;    # RLIMIT_CORE: where core files go is the machine's affair
    limit_resource( 7, $LIMIT{files} ) or return 0 if $LIMIT{files};    # RLIMIT_NOFILE
    limit_resource( 2, $LIMIT{memory} ) or return 0 if $LIMIT{memory} && !$CGROUP->{memory};    # RLIMIT_DATA
    limit_resource( 6, $LIMIT{processes} ) or return 0 if counts_by_namespace() && !$CGROUP->{processes};    # RLIMIT_NPROC
    return 1;
}

# Since Linux 5.14 a user's processes are counted in each user namespace; before, all on the machine were.
sub counts_by_namespace {
    return if !$LIMIT{processes} || !$STUDENT{user};
    my ( $major, $minor ) = $RELEASE =~ /^(\d+)\.(\d+)/;
    return $major > 5 || $major == 5 && $minor >= 14;
}

# Where the machine allows less already, that stays: only its root may raise it.
sub limit_resource {
    my ( $resource, $value ) = @_;
    my $allowed = "\0" x 16;
    syscall( $NR->{prlimit64}, 0, $resource, 0, $allowed ) == 0 or return 0;    # writes into its argument
    my $least = ( sort { $a <=> $b } $value, ( unpack 'QQ', $allowed )[1] )[0];
    my $limit = pack 'QQ', $least, $least;
    return kernel( 'prlimit64', 0, $resource, $limit, 0 );
}

sub tell_limit {
    my ( $name, @more ) = @_;
    send_message( 'limit', $name, @more ) if !$TOLD{$name}++;
    return;
}

# Some times a second, and before the end of a command is told.
sub look_at_limits {
    my $now = shift;
    my $time = since_boot();
    return if !$now && $time - $LOOKED < 0.2;
    $LOOKED = $time;
    look_at_disk() if !$TOLD{disk} || !$TOLD{inodes};
    return if !$LIMIT{memory} && !$LIMIT{processes};
    if ($CGROUP) { look_at_cgroup() }
    return if $CGROUP->{memory} && $CGROUP->{processes};

    # To look at each costs much, and most machines have fewer in all than one world may have.
    look_at_processes() if $LIMIT{memory} || ( load() )[0] >= $LIMIT{processes};
    return;
}

# f_blocks, f_bfree, f_files, f_ffree of statfs(2)
sub look_at_disk {
    my $facts = "\0" x 120;
    syscall( $NR->{fstatfs}, fileno $DISK, $facts ) == 0 or return;
    my ( $blocks, $free, undef, $inodes, $free_inodes ) = unpack 'x16 Q5', $facts;
    tell_limit('disk') if $blocks && !$free;
    tell_limit('inodes') if $inodes && !$free_inodes;
    return;
}

# Without cgroups: who has most memory is ended when all together have too much.
sub look_at_processes {
    my ( $sum, $count, $most, $whose ) = ( 0, 0, 0 );
    for my $pid ( processes() ) {
        my $status = slurp("/proc/$pid/status") // next;
        next if $status !~ /^NSpid:\t\d+\t\d/m;    # ours
        $count++;
        my $memory = 0;
        $memory += 1024 * $1 while $status =~ /^Rss(?:Anon|Shmem):\s*(\d+)/gm;
        $sum += $memory;
        ( $most, $whose ) = ( $memory, $pid ) if $memory > $most && $pid != $INIT;
    }
    tell_limit('processes') if counts_by_namespace() && $count >= $LIMIT{processes};
    return if !$LIMIT{memory} || $sum <= $LIMIT{memory} || $CGROUP->{memory};
    tell_limit('memory');
    kill 'KILL', $whose if $whose;
    return;
}
