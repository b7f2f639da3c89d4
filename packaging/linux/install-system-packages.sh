#!/bin/sh
# Installs the system packages of the given sections of system-packages.txt where that is allowed (root, or sudo without a
# question), else names the missing ones in one line. Does nothing, fast, when all are there.
# Exit status: 0 all there, 1 something is missing and may not be installed.
set -eu
list="$(dirname "$0")/system-packages.txt"
command -v dpkg-query >/dev/null 2>&1 || exit 0 # not Debian or a relative: the README names what is needed

wanted=""
for section in "$@"; do
    wanted="$wanted $(awk -v want="[$section]" '/^\[/ { on = ($1 == want); next } on && NF && $1 !~ /^#/ { print $1 }' "$list")"
done

missing=""
for package in $wanted; do
    # Debian 13 and Ubuntu 24.04 renamed some packages to NAMEt64, which provide the old name.
    for name in "$package" "${package}t64"; do
        state=$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null || true)
        [ "$state" = installed ] && continue 2
    done
    # A Python of its own (not the system's) brings its own venv.
    if [ "$package" = python3-venv ] && "${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null; then continue; fi
    missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        echo "Please install these packages, then run the command again: sudo apt-get install$missing" >&2
        exit 1
    fi
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The lists may be old or absent; a second process may hold the lock for a while.
if ! { $as_root apt-get -q -o DPkg::Lock::Timeout=300 update &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
        --no-install-recommends install $missing; } </dev/null >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    echo "These packages could not be installed:$missing" >&2
    exit 1
fi
