# Cgroups that limit what all of the student's processes use together (cgroups(7)): where root starts the world, or where
# one that may be used has been delegated to the user.
use strict;
use warnings;

# One for all of the student's processes, where there is a limit for them and we may make one: memory and processes are
# counted in it. It is empty until shells enter it, which the kernel allows by the rights of who has opened the file.
sub limited_cgroups {
    return if !$LIMIT{memory} || !$LIMIT{processes};
    my @made = has_cgroup2() ? limited_cgroup2() : limited_cgroup1();
    $CGROUP = { enter => [] } if @made;
    for my $folder (@made) {
        open( my $enter, '>', "$folder/cgroup.procs" ) or next;
        push @{ $CGROUP->{enter} }, $enter;
        $CGROUP->{memory} = $_ for map { open_first($_) } grep { -e } map { "$folder/$_" } qw(memory.events memory.oom_control);
        $CGROUP->{processes} = $_ for map { open_first($_) } grep { -e } "$folder/pids.events";
    }
    return @made;
}

sub open_first { open( my $file, '<', shift ) or return; return $file }

sub limited_cgroup2 {
    my ($own) = slurp('/proc/self/cgroup') =~ m{^0::(/.*)$}m;
    my $above = $> == 0 ? $CGROUPS : $CGROUPS . ( $own // '' );
    sweep_cgroups($above);
    spill( "$above/cgroup.subtree_control", '+memory +pids' );
    my $folder = "$above/labrun.$$";
    mkdir $folder or return;
    my $limited = spill( "$folder/memory.max", $LIMIT{memory} ) && spill( "$folder/pids.max", $LIMIT{processes} );
    if ( !$limited ) { rmdir $folder; return }
    spill( "$folder/memory.swap.max", 0 );
    return $folder;
}

sub limited_cgroup1 {
    return if $> != 0;
    my @made;
    for ( hierarchies() ) {
        my ( $name, $controllers, $above ) = @$_;
        next if $controllers !~ /\b(?:memory|pids)\b/;
        sweep_cgroups($above);
        my $folder = "$above/labrun.$$";
        mkdir $folder or next;
        push @made, $folder;
        spill( "$folder/memory.limit_in_bytes", $LIMIT{memory} );
        spill( "$folder/memory.memsw.limit_in_bytes", $LIMIT{memory} );
        spill( "$folder/pids.max", $LIMIT{processes} );
    }
    return @made;
}

# Where the first process of a world was killed, nobody was left to remove its cgroup.
sub sweep_cgroups {
    my $above = shift;
    for ( grep { /^labrun\.(\d+)$/ && !-d "/proc/$1" } list($above) ) { remove_empty("$above/$_") }
    return;
}

sub enter_limited_cgroup {
    return 1 if !$CGROUP;
    for ( @{ $CGROUP->{enter} } ) { syswrite $_, '0' or return 0 }
    return 1;
}

sub look_at_cgroup {
    my $count = sub {
        my ( $file, $word ) = @_;
        sysseek $file, 0, 0 or return 0;
        sysread $file, my $text, 4096;
        return ( $text // '' ) =~ /^$word (\d+)/m ? $1 : 0;
    };
    tell_limit('memory') if $CGROUP->{memory} && $count->( $CGROUP->{memory}, 'oom_kill' );
    tell_limit('processes') if $CGROUP->{processes} && $count->( $CGROUP->{processes}, 'max' );
    return;
}
