# The file system that the world sees: a private root on a tmpfs, the machine's programs read-only in it, and
# nothing else of the machine (pivot_root(2), mount_namespaces(7)).
use strict;
use warnings;

my $NEW = '/run/labrun-root';
my $OWN = '/run/labrun';    # ours, inside the world

# Folders of programs. A folder that is missing on the machine is left out.
my @PROGRAMS = qw(bin sbin lib lib32 lib64 libx32 usr opt nix gnu);

# Folders of /etc that people edit; the others are links to the machine's, read-only.
my %EDITABLE = map { $_ => 1 } qw(iproute2 sysctl.d network default);

sub build_root {
    my ( $hostname, $hosts, $needs ) = @_;
    mount( undef, '/', undef, MS_REC | MS_PRIVATE ) or mount( undef, '/', undef, MS_REC | MS_SLAVE )
      or give_up( 'private root', "making / private: $!" );
    mount( 'tmpfs', '/run', 'tmpfs', MS_NOSUID | MS_NODEV, 'mode=755' ) or give_up( 'private root', "tmpfs: $!" );
    mkdir $NEW;
    mount( 'tmpfs', $NEW, 'tmpfs', MS_NOSUID, 'mode=755,size=1g' ) or give_up( 'private root', "tmpfs: $!" );
    mkdir "$NEW/$_" for qw(run run/labrun);

    # Of its own, so that a disk that was filled up does not stop the terminals; open to `su nobody` too.
    mount( 'tmpfs', "$NEW$OWN", 'tmpfs', MS_NOSUID, 'mode=711' ) or give_up( 'private root', "tmpfs: $!" );
    mkdir "$NEW/$_"
      for qw(.old proc sys dev dev/pts dev/shm dev/net run/lock run/labrun/sys run/labrun/etc
      run/labrun/netns run/labrun/terminal etc etc/netns etc/docker home mnt media srv root tmp
      var var/lib var/log var/cache var/spool var/tmp);
    chmod 0700, "$NEW/root";
    chmod 01777, map { "$NEW/$_" } qw(tmp var/tmp dev/shm);
    symlink '/run', "$NEW/var/run";
    symlink '/run/lock', "$NEW/var/lock";
    bind_programs();
    mount( 'proc', "$NEW/proc", 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC ) or give_up( 'proc', "mount: $!" );

    # `ip netns exec` detaches /sys and mounts another; the kernel allows that only while a second, fully visible
    # sysfs is mounted (fs/namespace.c, mount_too_revealing).
    for my $target (qw(sys run/labrun/sys)) {
        mount( 'sysfs', "$NEW/$target", 'sysfs', MS_NOSUID | MS_NODEV | MS_NOEXEC ) or give_up( 'sysfs', "mount: $!" );
    }
    mount_cgroups("$NEW/sys/fs/cgroup") if $needs ne 'any';
    build_dev( $needs eq 'vm' ? 'kmsg' : () );
    build_etc( $hostname, $hosts );
    make_read_only( "$NEW/run/labrun/etc", map { "$NEW/$_" } @PROGRAMS );
    chdir $NEW or give_up( 'private root', "chdir: $!" );
    pivot_root( '.', '.old' ) or give_up( 'private root', "pivot_root: $!" );
    chdir '/';
    umount( '/.old', MNT_DETACH ) or give_up( 'private root', "umount: $!" );
    rmdir '/.old';
    set_hostname($hostname);
    return;
}

sub bind_programs {
    for my $name (@PROGRAMS) {
        if ( -l "/$name" ) { symlink readlink("/$name"), "$NEW/$name" }
        elsif ( -d "/$name" ) {
            mkdir "$NEW/$name";
            mount( "/$name", "$NEW/$name", undef, MS_BIND | MS_REC ) or give_up( 'private root', "bind /$name: $!" );
        }
    }
    return;
}

sub build_dev {
    for my $name ( qw(null zero full random urandom tty net/tun), @_ ) {
        next if !-e "/dev/$name";
        spill( "$NEW/dev/$name", "\n" );
        mount( "/dev/$name", "$NEW/dev/$name", undef, MS_BIND ) or give_up( 'devices', "bind /dev/$name: $!" );
    }
    mount( 'devpts', "$NEW/dev/pts", 'devpts', MS_NOSUID | MS_NOEXEC, 'newinstance,ptmxmode=0666,mode=620' )
      or give_up( 'devices', "devpts: $!" );
    symlink 'pts/ptmx', "$NEW/dev/ptmx";
    symlink '/proc/self/fd', "$NEW/dev/fd";
    my $number = 0;
    symlink '/proc/self/fd/' . $number++, "$NEW/dev/$_" for qw(stdin stdout stderr);
    return;
}

# Small files are copies, which may be edited; folders are links to the machine's own, mounted read-only.
# Names are looked up in files only: with no DNS server a look-up would hang for 10 to 20 s. The machine's passwords
# stay there, but `su` wants a line for everyone: one without a password.
sub build_etc {
    my ( $hostname, $hosts ) = @_;
    mount( '/etc', "$NEW$OWN/etc", undef, MS_BIND | MS_REC ) or give_up( 'private root', "bind /etc: $!" );
    my %own = (
        hosts => $hosts, hostname => "$hostname\n", 'resolv.conf' => "# names are in /etc/hosts\n",
        'nsswitch.conf' => "passwd: files\ngroup: files\nshadow: files\nhosts: files\nservices: files\nprotocols: files\n",
    );
    $own{shadow} = ( slurp('/etc/passwd') // '' ) =~ s/^([^:\n]*):.*$/$1:*:19000:0:99999:7:::/gmr;
    for my $name ( list('/etc') ) {
        next if $own{$name} || $name =~ /^(?:mtab|netns|docker)$/;
        copy_or_link( "/etc/$name", "$NEW/etc/$name", "$OWN/etc/$name", $EDITABLE{$name} );
    }
    spill( "$NEW/etc/$_", $own{$_} ) for keys %own;
    chmod 0600, "$NEW/etc/shadow";
    symlink '/proc/self/mounts', "$NEW/etc/mtab";
    return;
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
