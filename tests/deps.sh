#!/bin/sh
# Installs the Debian packages that Recto's build and tests need and that are missing; elsewhere it names them.
set -eu
packages="build-essential pkg-config libyaz-dev yaz libxml2-dev libxml2-utils libsqlite3-dev libncurses-dev libutf8proc-dev
  libpcre2-dev libsodium-dev libroaring-dev libzstd-dev libcmocka-dev libvterm-dev idzebra-2.0 ncurses-term clang-format clang-tidy cppcheck python3
  clang libclang-rt-14-dev man-db curl"
if ! command -v dpkg-query > /dev/null; then
    command -v pkg-config > /dev/null && pkg-config --exists yaz libxml-2.0 sqlite3 ncursesw libutf8proc libpcre2-8 libsodium libzstd cmocka vterm && exit 0
    echo "recto: this system has no dpkg; please install what these Debian packages hold:" $packages >&2
    exit 1
fi
missing=
for package in $packages; do
    case $(dpkg-query -W -f '${Status}' "$package" 2> /dev/null || true) in
        *' installed') ;;
        *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0
echo "recto: installing$missing"
run=
[ "$(id -u)" = 0 ] || run=sudo
$run apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends $missing
