#!/bin/sh
# Terminals that cannot show the workstation are refused in a sentence; every keymap and theme starts; faults in files of one's own are
# told with file, line and the nearest name, and the rest of the file holds. What is seen on a screen: tests/tui/walks/terminal_sizes.walk.
set -u
recto=$PWD/${BUILD:-build}/recto
walk=$PWD/${BUILD:-build}/tests/tools/walk
[ -x "$walk" ] || { echo "tests/tools are not built"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RECTO_REPO="$work/repository.db" HOME="$work" XDG_CONFIG_HOME="$work/config" LC_ALL=C.UTF-8
wrong=0
fault() { echo "$*"; wrong=1; }
$recto init --institution 01TEST > "$work/init" || exit 1

refused() { # refused COMMAND...: in a real terminal, with exit 5 and one sentence without a control byte
    status=0
    script -qec "$*" "$work/typescript" < /dev/null > "$work/out" 2>&1 || status=$?
    [ $status = 5 ] || fault "$*: ended with $status: $(cat -v "$work/out")"
    grep -q 'cannot show the workstation' "$work/out" || fault "$*: says: $(cat -v "$work/out")"
    if LC_ALL=C tr -d '\r\n' < "$work/out" | LC_ALL=C grep -q '[[:cntrl:]]'; then fault "$*: a control byte: $(cat -v "$work/out")"; fi
}
refused "env TERM=dumb $recto"
refused "env TERM=unknown $recto"
refused "env TERM=no-such-terminal $recto"
refused "env TERM= $recto"
refused "env -u TERM $recto"
refused "env TERM=$(printf "'x\033]0;PWNED\007'") $recto"
status=0
TERM=xterm $recto < /dev/null > "$work/out" 2> "$work/err" || status=$?
[ $status = 5 ] && grep -q 'needs a terminal' "$work/err" || fault "no terminal: $status, $(cat "$work/err")"

# Files of one's own.
mkdir -p "$XDG_CONFIG_HOME/recto/keymaps" "$XDG_CONFIG_HOME/recto/themes"
printf 'inherit = default\n\n[editor]\nF5 = recrod.save\nCtrl+Klingon = record.save\nF6 = record.save\n[edtior]\nF7 = edit.undo\n' > "$XDG_CONFIG_HOME/recto/keymaps/mine.keymap"
printf 'inherit = base\n\n[16]\nstatus.eror = red\nstatus.error = purplish\nmark = default bold\n' > "$XDG_CONFIG_HOME/recto/themes/mine.theme"
printf 'inherit = nowhere\n' > "$XDG_CONFIG_HOME/recto/keymaps/lost.keymap"
printf '[all]\n\033]0;PWNED\007 = \302\233\nF3 = \033[31m\n' > "$XDG_CONFIG_HOME/recto/keymaps/hostile.keymap"
mkdir "$XDG_CONFIG_HOME/recto/keymaps/folder.keymap"
starts() { # starts OPTIONS SEEN...
    options=$1
    shift
    { echo "shell cp $RECTO_REPO* \${DIR}/"; echo "shell mkdir -p \${DIR}/config && cp -r $XDG_CONFIG_HOME/recto \${DIR}/config/"; echo "run $options"
      for seen in "$@"; do echo "see \"$seen\""; done; echo 'keys F1'; echo 'keys Esc'; echo 'type Ctrl+Q'; echo 'exits 0'; } > "$work/starts.walk"
    "$walk" "$work/starts.walk" 24x80 xterm-256color "$recto" > "$work/walked" 2>&1 || fault "$options: $(cat "$work/walked")"
}
starts '--keymap mine --theme mono' "mine.keymap:4: unknown command 'recrod.save'; did you mean record.save?"
starts '--theme mine' "mine.theme:4: unknown role 'status.eror'; did you mean status.error?"
starts '--keymap hostile' 'hostile.keymap:2'
$recto keymap mine > "$work/keys" || fault "recto keymap mine: $?"
grep -q '^editor *F6 *record.save ' "$work/keys" || fault 'the sound lines of a keymap do not hold'
[ "$(grep -c '^# mine.keymap:[45]: ' "$work/keys")" = 2 ] || fault "faults of a keymap: $(grep '^#' "$work/keys")"
for keymap in default connexion vi emacs; do
    for theme in slate paper high-contrast mono solarized; do
        case $keymap-$theme in default-* | *-mono) starts "--keymap $keymap --theme $theme" ;; esac
    done
done
cannot() { # cannot STATUS TEXT OPTIONS...: no start, in words
    wanted=$1 text=$2
    shift 2
    status=0
    TERM=xterm script -qec "$recto $*" /dev/null < /dev/null > "$work/out" 2>&1 || status=$?
    [ $status = "$wanted" ] || fault "$*: ended with $status: $(cat -v "$work/out")"
    grep -q -- "$text" "$work/out" || fault "$*: says: $(cat -v "$work/out")"
}
cannot 2 'defualt: no such keymap; default' --keymap defualt
cannot 2 'slat: no such theme; slate' --theme slat
cannot 2 letters --keymap ../mine
cannot 2 'nowhere: no such keymap' --keymap lost
cannot 5 folder --keymap folder
exit $wrong
