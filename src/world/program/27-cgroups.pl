# Cgroups for a lab with the machine's real root, so that what a dockerd makes in them is found again, and goes with the
# world. The machine has either one hierarchy for all controllers (cgroup v2), or one for each (v1); see cgroups(7).
use strict;
use warnings;

my $CGROUPS = '/sys/fs/cgroup';

sub has_cgroup2 { return -e "$CGROUPS/cgroup.procs" }

# The hierarchies of v1 that the machine has mounted: [name of the folder, controllers, our own cgroup in it].
sub hierarchies {
    my %ours = map { ( split /:/ )[ 1, 2 ] } split /\n/, slurp('/proc/self/cgroup');
    my @found;
    for ( split /\n/, slurp('/proc/self/mountinfo') ) {
        my ( $mount, $system ) = split / - /;
        my ( $root,  $point )  = ( split / /, $mount )[ 3, 4 ];
        my ( $type, undef, $options ) = split / /, $system;
        next if $type ne 'cgroup' || $point !~ m{^\Q$CGROUPS\E/([^/]+)$};
        my $name = $1;
        my ($controllers) = grep { has_same( $_, $options ) } keys %ours;
        next if !$controllers;
        my $path = $ours{$controllers};
        $path =~ s{^\Q$root\E(?=/|$)}{} if $root ne '/';
        push @found, [ $name, $controllers, -d "$point$path" ? "$point$path" : $point ];
    }
    return @found;
}

# Whether all of the one list are among the other; a hierarchy without controllers has only a name.
sub has_same {
    my ( $controllers, $options ) = @_;
    my %has = map { $_ => 1 } split /,/, $options;
    return $controllers ne '' && !grep { !$has{$_} } split /,/, $controllers;
}

# One for all processes of the world, in each hierarchy. With v2 the processes are in a leaf of it, because controllers
# can only be given on from a cgroup without processes.
sub own_cgroups {
    if ( has_cgroup2() ) {
        my $cgroup = "$CGROUPS/labrun.$$";
        return mkdir($cgroup) && mkdir("$cgroup/init") ? $cgroup : ();
    }
    my @made;
    for ( map { $_->[2] } hierarchies() ) {
        mkdir "$_/labrun.$$" or next;
        push @made, "$_/labrun.$$";

        # A new one has neither processors nor memory, and then takes no process (cpuset(7)).
        for my $file (qw(cpuset.cpus cpuset.mems)) {
            spill( "$_/labrun.$$/$file", slurp("$_/$file") ) if -e "$_/$file";
        }
    }
    return @made;
}

sub enter_cgroups {
    my @entered = grep { spill( "$_/cgroup.procs", $$ ) } @_ or return;
    unshare(CLONE_NEWCGROUP) or give_up( 'cgroup namespace', "unshare: $!" );
    spill( "$_/init/cgroup.procs", $$ ) for grep { -d "$_/init" } @entered;
    return;
}

# As the machine has them, but each begins with the world's own cgroup (cgroup_namespaces(7)).
sub mount_cgroups {
    my $target = shift;
    my $flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    if ( has_cgroup2() ) {
        mount( 'cgroup2', $target, 'cgroup2', $flags ) or give_up( 'cgroup', "mount: $!" );
        return;
    }
    my @hierarchies = hierarchies() or return;
    mount( 'tmpfs', $target, 'tmpfs', $flags, 'mode=755' ) or give_up( 'cgroup', "tmpfs: $!" );
    for (@hierarchies) {
        my ( $name, $controllers ) = @$_;
        mkdir "$target/$name";
        mount( 'cgroup', "$target/$name", 'cgroup', $flags, $controllers ) or give_up( 'cgroup', "mount $controllers: $!" );
    }
    symlink readlink("$CGROUPS/$_"), "$target/$_" for grep { -l "$CGROUPS/$_" } list($CGROUPS);
    return;
}

# The kernel ends the world's processes, which takes a moment.
sub remove_cgroups {
    my @left = @_;
    for ( 1 .. 50 ) {
        remove_empty($_) for @left;
        @left = grep { -d } @left or return;
        select undef, undef, undef, 0.02;
    }
    return;
}

sub remove_empty {
    my $folder = shift;
    remove_empty("$folder/$_") for grep { -d "$folder/$_" } list($folder);
    return rmdir $folder;
}
