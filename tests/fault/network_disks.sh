#!/bin/sh
# A repository on a network file system is refused, by each of their types, whether it is to be made or opened; on FUSE and overlayfs
# recto check says so, and whatever stays open says it when it begins, once; a command of a moment is silent (RL-90, RL-91). The type is what a layer before the C library answers: no such system is mounted.
set -eu
recto=$(realpath "${BUILD:-build}/recto")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" XDG_CONFIG_HOME="$work/config"
if ! ${CC:-cc} -D_GNU_SOURCE -shared -fPIC -o "$work/other_disk.so" tests/fault/other_disk.c 2> "$work/cc"; then
    echo "skipped: no compiler here: $(head -n 1 "$work/cc")"
    exit 77
fi
sanitizer=$(ldd "$recto" | awk '$1 ~ /^lib[a-z]*san[.]/ { printf "%s ", $3 }') # wants to be loaded first
wrong=0
on() { # TYPE COMMAND...
    kind=$1
    shift
    status=0
    OTHER_DISK=$kind LD_PRELOAD=$sanitizer$work/other_disk.so "$@" > "$work/out" 2> "$work/err" || status=$?
}
"$recto" --repo "$work/there.recto" init --institution 01EXAMPLE > "$work/out"
refused() { # TYPE NAME
    on "$1" "$recto" --repo "$work/new.recto" init --institution 01EXAMPLE
    [ $status = 5 ] && grep -qi "network file system ($2)" "$work/err" || { echo "init on $2: $status: $(cat "$work/err")"; wrong=1; }
    [ ! -e "$work/new.recto" ] || { echo "init on $2 made a file"; wrong=1; }
    on "$1" "$recto" --repo "$work/there.recto" search --count 'ti=x'
    [ $status = 5 ] && grep -qi "network file system ($2)" "$work/err" || { echo "search on $2: $status: $(cat "$work/err")"; wrong=1; }
}
refused 6969 NFS
refused ff534d42 CIFS
refused fe534d42 SMB2
refused 517b SMB
refused 5346414f AFS
refused 73757245 Coda
refused 564c NCP
refused 01021997 9p
refused 00c36400 Ceph
refused 0bd00bd0 Lustre
refused 01161970 GFS2
refused 7461636f OCFS2
for type in 65735546:FUSE 794c7630:overlayfs; do
    on "${type%:*}" "$recto" --repo "$work/there.recto" check
    grep -q "${type#*:}" "$work/out" "$work/err" || { echo "check on ${type#*:} does not say so: $(cat "$work/out" "$work/err")"; wrong=1; }
    on "${type%:*}" "$recto" --repo "$work/there.recto" search --count 'ti=x'
    [ $status = 1 ] && ! grep -q 'lies on' "$work/err" || { echo "search on ${type#*:}: $status: $(cat "$work/err")"; wrong=1; }
    on "${type%:*}" "$recto" --repo "$work/there.recto" < /dev/null
    [ "$(grep -c "there[.]recto lies on ${type#*:}: " "$work/err")" = 1 ] || { echo "the workstation on ${type#*:}: $(cat "$work/err")"; wrong=1; }
    on "${type%:*}" timeout -s INT 2 "$recto" --repo "$work/there.recto" serve z3950 --port 0
    [ "$(grep -c "there[.]recto lies on ${type#*:}: " "$work/err")" = 1 ] || { echo "serve on ${type#*:}: $(cat "$work/err")"; wrong=1; }
done
on ef53 "$recto" --repo "$work/there.recto" < /dev/null
! grep -q 'lies on' "$work/err" || { echo "the workstation on ext4: $(cat "$work/err")"; wrong=1; }
on ef53 "$recto" --repo "$work/there.recto" check
[ $status = 0 ] || { echo "check on ext4: $status"; wrong=1; }
exit $wrong
