# The file system that the world sees: a private root on a tmpfs, the machine's programs read-only in it, and
# nothing else of the machine (pivot_root(2), mount_namespaces(7)).
use strict;
use warnings;

my $NEW = '/run/labrun-root';       # the student's
my $GRADER = '/run/labrun-grader';  # of PID 1 and its probes: nothing in it comes from the student
my $OWN = '/run/labrun';            # ours, in both

# Folders of programs. A folder that is missing on the machine is left out.
my @PROGRAMS = qw(bin sbin lib lib32 lib64 libx32 usr opt nix gnu);

# Folders of /etc that people edit; the others are links to the machine's, read-only.
my %EDITABLE = map { $_ => 1 } qw(iproute2 sysctl.d network default);

sub build_roots {
    my ( $hostname, $hosts, $needs ) = @_;
    open( $OWN{$_}, '<', "/proc/self/ns/$_" ) or give_up( 'private root', "open: $!" ) for qw(mnt pid);
    mount( undef, '/', undef, MS_REC | MS_PRIVATE ) or mount( undef, '/', undef, MS_REC | MS_SLAVE )
      or give_up( 'private root', "making / private: $!" );
    mount( 'proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC ) or give_up( 'proc', "mount: $!" );
    mount( 'tmpfs', '/run', 'tmpfs', MS_NOSUID | MS_NODEV, 'mode=755' ) or give_up( 'private root', "tmpfs: $!" );
    build_student_root( $hostname, $hosts, $needs );
    build_grader_root( $hostname, $hosts, $needs );
    return;
}

sub build_student_root {
    my ( $hostname, $hosts, $needs ) = @_;
    mkdir $NEW;
    mount( 'tmpfs', $NEW, 'tmpfs', MS_NOSUID, join ',', 'mode=755', disk_limits() )
      or give_up( 'private root', "tmpfs: $!" );
    mkdir "$NEW/$_" for qw(run run/labrun);
    chmod 0711, "$NEW/run/labrun";    # open to `su nobody` too
    mkdir "$NEW/$_"
      for qw(.old proc sys dev dev/pts dev/shm dev/net run/lock run/labrun/sys run/labrun/etc
      run/labrun/terminal run/labrun/visit etc etc/netns etc/docker home mnt media srv root tmp
      var var/lib var/log var/cache var/spool var/tmp);
    chmod 0700, "$NEW/root";
    chmod 01777, map { "$NEW/$_" } qw(tmp var/tmp dev/shm run/labrun/visit);
    symlink '/run', "$NEW/var/run";
    symlink '/run/lock', "$NEW/var/lock";
    bind_programs( $NEW, '' );
    build_dev( $NEW, qw(null zero full random urandom tty net/tun), $needs eq 'vm' ? 'kmsg' : () );
    bind_etc( $NEW, '/etc' );
    make_read_only( "$NEW$OWN/etc", map { "$NEW/$_" } @PROGRAMS );
    build_etc( $hostname, $hosts );
    watch_disk($NEW);
    return;
}

# The same programs and settings as they are on the machine, whatever the student makes of theirs. Only the folder of
# terminals is in both: its own, so that a disk that was filled up does not stop them, and read-only for the student,
# whose user namespace has no right to change that.
sub build_grader_root {
    my ( $hostname, $hosts, $needs ) = @_;
    mkdir $GRADER;
    mount( 'tmpfs', $GRADER, 'tmpfs', MS_NOSUID, 'mode=755' ) or give_up( 'private root', "tmpfs: $!" );
    mkdir "$GRADER/$_"
      for qw(.old proc sys dev dev/net run run/lock run/labrun run/labrun/etc run/labrun/netns run/labrun/terminal
      etc root tmp var var/lib var/log var/tmp);
    chmod 01777, map { "$GRADER/$_" } qw(tmp var/tmp);
    symlink '/run', "$GRADER/var/run";
    bind_programs( $GRADER, $NEW );
    bind_etc( $GRADER, "$NEW$OWN/etc" );
    mount( '/proc', "$GRADER/proc", undef, MS_BIND | MS_REC ) or give_up( 'proc', "bind: $!" );
    build_dev( $GRADER, qw(null zero random urandom), $needs eq 'vm' ? 'kmsg' : () );
    my %own = own_etc( $hostname, $hosts );
    for ( list('/etc') ) { symlink "$OWN/etc/$_", "$GRADER/etc/$_" if !$own{$_} && !/^(?:mtab|netns|docker)$/ }
    spill( "$GRADER/etc/$_", $own{$_} ) for keys %own;
    my $flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
    my ( $terminals, $shown ) = map { "$_$OWN/terminal" } $GRADER, $NEW;
    mount( 'tmpfs', $terminals, 'tmpfs', $flags, 'mode=711,size=64m' ) or give_up( 'private root', "tmpfs: $!" );
    mount( $terminals, $shown, undef, MS_BIND ) or give_up( 'private root', "bind $shown: $!" );
    mount( undef, $shown, undef, MS_REMOUNT | MS_BIND | MS_RDONLY | $flags )
      or give_up( 'private root', "read-only $shown: $!" );
    return;
}

# The student's first process: what is seen of processes and devices depends on who mounts it. Nothing can be pivoted into
# that another user namespace has mounted, but into a copy.
sub enter_root {
    my ( $hostname, $needs ) = @_;
    mount( $NEW, $NEW, undef, MS_BIND | MS_REC ) or give_up( 'private root', "bind $NEW: $!" );
    mount( 'proc', "$NEW/proc", 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC ) or give_up( 'proc', "mount: $!" );

    # `ip netns exec` detaches /sys and mounts another; the kernel allows that only while a second, fully visible
    # sysfs is mounted (fs/namespace.c, mount_too_revealing).
    for my $target (qw(sys run/labrun/sys)) {
        mount( 'sysfs', "$NEW/$target", 'sysfs', MS_NOSUID | MS_NODEV | MS_NOEXEC ) or give_up( 'sysfs', "mount: $!" );
    }
    mount_cgroups("$NEW/sys/fs/cgroup") if $needs ne 'any';
    mount( 'devpts', "$NEW/dev/pts", 'devpts', MS_NOSUID | MS_NOEXEC, 'newinstance,ptmxmode=0666,mode=620' )
      or give_up( 'devices', "devpts: $!" );
    pivot_to($NEW);
    set_hostname($hostname);
    return;
}

# PID 1 and its probes, once it is in the student's network.
sub enter_grader_root {
    mount( 'sysfs', "$GRADER/sys", 'sysfs', MS_NOSUID | MS_NODEV | MS_NOEXEC ) or give_up( 'sysfs', "mount: $!" );
    pivot_to($GRADER);
    return;
}

sub pivot_to {
    my $root = shift;
    chdir $root or give_up( 'private root', "chdir: $!" );
    pivot_root( '.', '.old' ) or give_up( 'private root', "pivot_root: $!" );
    chdir '/';
    umount( '/.old', MNT_DETACH ) or give_up( 'private root', "umount: $!" );
    rmdir '/.old';
    return;
}

sub bind_programs {
    my ( $root, $from ) = @_;
    for my $name (@PROGRAMS) {
        if ( -l "/$name" ) { symlink readlink("/$name"), "$root/$name" }
        elsif ( -d "/$name" ) {
            mkdir "$root/$name";
            mount( "$from/$name", "$root/$name", undef, MS_BIND | MS_REC )
              or give_up( 'private root', "bind /$name: $!" );
        }
    }
    return;
}

sub bind_etc {
    my ( $root, $from ) = @_;
    mount( $from, "$root$OWN/etc", undef, MS_BIND | MS_REC ) or give_up( 'private root', "bind /etc: $!" );
    return;
}

sub build_dev {
    my ( $root, @names ) = @_;
    for my $name (@names) {
        next if !-e "/dev/$name";
        spill( "$root/dev/$name", "\n" );
        mount( "/dev/$name", "$root/dev/$name", undef, MS_BIND ) or give_up( 'devices', "bind /dev/$name: $!" );
    }
    symlink 'pts/ptmx', "$root/dev/ptmx";
    symlink '/proc/self/fd', "$root/dev/fd";
    my $number = 0;
    symlink '/proc/self/fd/' . $number++, "$root/dev/$_" for qw(stdin stdout stderr);
    return;
}

# Small files are copies, which may be edited; folders are links to the machine's own, mounted read-only.
sub build_etc {
    my ( $hostname, $hosts ) = @_;
    my %own = own_etc( $hostname, $hosts );
    for my $name ( list('/etc') ) {
        next if $own{$name} || $name =~ /^(?:mtab|netns|docker)$/;
        copy_or_link( "/etc/$name", "$NEW/etc/$name", "$OWN/etc/$name", $EDITABLE{$name} );
    }
    spill( "$NEW/etc/$_", $own{$_} ) for keys %own;
    chmod 0600, "$NEW/etc/shadow";
    symlink '/proc/self/mounts', "$NEW/etc/mtab";
    return;
}

# Names are looked up in files only: with no DNS server a look-up would hang for 10 to 20 s. The machine's passwords
# stay there, but `su` wants a line for everyone: one without a password.
sub own_etc {
    my ( $hostname, $hosts ) = @_;
    return (
        hosts => $hosts, hostname => "$hostname\n", 'resolv.conf' => "# names are in /etc/hosts\n",
        'nsswitch.conf' => "passwd: files\ngroup: files\nshadow: files\nhosts: files\nservices: files\nprotocols: files\n",
        shadow => ( slurp('/etc/passwd') // '' ) =~ s/^([^:\n]*):.*$/$1:*:19000:0:99999:7:::/gmr,
    );
}

sub copy_or_link {
    my ( $from, $to, $link, $deep ) = @_;
    if ( -l $from ) { symlink readlink($from), $to; return }
    if ( -d _ && $deep ) {
        mkdir $to;
        copy_or_link( "$from/$_", "$to/$_", "$link/$_", 1 ) for list($from);
        return;
    }
    if ( !-f _ || -s _ > 65536 ) { symlink $link, $to; return }
    my $mode = ( stat _ )[2] & 0777;
    my $text = slurp($from);
    return if !defined $text;    # not readable here: not there either
    spill( $to, $text ) if $text ne '';
    open( my $empty, '>', $to ) if $text eq '';
    chmod $mode, $to;
    return;
}

sub list {
    opendir( my $folder, shift ) or return;
    return grep { $_ ne '.' && $_ ne '..' } readdir $folder;
}

# Every mount at or below the given folders. A flag that the mount came with is locked and has to be given again.
sub make_read_only {
    my %keep = (
        nosuid => MS_NOSUID, nodev => MS_NODEV, noexec => MS_NOEXEC,
        noatime => MS_NOATIME, nodiratime => MS_NODIRATIME, relatime => MS_RELATIME,
    );
    my $below = join '|', map { quotemeta } @_;
    for ( split /\n/, slurp('/proc/self/mountinfo') ) {
        my ( $point, $options ) = ( split / / )[ 4, 5 ];
        $point =~ s/\\([0-7]{3})/chr oct $1/ge;
        next if $point !~ m{^(?:$below)(?:/|$)};
        my $flags = MS_REMOUNT | MS_BIND | MS_RDONLY;
        $flags |= $keep{$_} // 0 for split /,/, $options;
        mount( undef, $point, undef, $flags ) or give_up( 'private root', "read-only $point: $!" );
    }
    return;
}
