#!/bin/sh
# Installs the system packages of the named sections of system-packages.txt where that is allowed (root, or sudo without a
# question), else names the missing ones in one line. Does nothing, fast, when all are there.
# Exit status: 1 if something of another section than [run] is missing afterwards. Without a part of [run] some things may
# not work, but the environment can be made.
set -eu
here=$(dirname "$0")
command -v dpkg-query >/dev/null 2>&1 || exit 0 # not Debian or a relative: the README names what is needed

in_sections() {
    awk -v wanted=" $* " '/^\[/ { on = index(wanted, " " substr($1, 2, length($1) - 2) " "); next }
        on && NF && $1 !~ /^#/ { print $1 }' "$here/system-packages.txt"
}

# The names of those of the sections' packages that are missing.
missing_of() {
    names=$(in_sections "$@")
    there=$(for name in $names; do echo "$name" "${name}t64"; done |
        xargs dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null |
        sed -n 's/t64$//; s/^installed //p' || true)
    for name in $names; do
        if [ "$name" = python3-venv ]; then
            # A Python with ensurepip needs no package; the system's Pythons have it in a package for each version.
            "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null ||
                "$PYTHON" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])'
        else
            echo "$there" | grep -qxF "$name" || echo "$name"
        fi
    done
}

PYTHON=$("$here/find-python.sh")
missing=$(missing_of "$@" | tr '\n' ' ')
missing=${missing% }
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root=no; fi
fi
if [ "$as_root" = no ]; then
    echo "Please install what is missing: sudo apt-get install $missing" >&2
else
    echo "Installing system packages: $missing"
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    # The lists may be old or absent. One of several places that does not answer is no reason to stop.
    # Another program may hold the lock for a while.
    apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300"
    { $apt update || true; $apt --no-install-recommends install $missing; } </dev/null >"$log" 2>&1 || {
        tail -n 5 "$log" >&2
        echo "These packages could not be installed: $missing" >&2
    }
fi

needed=""
for section in "$@"; do
    [ "$section" = run ] || needed="$needed $(missing_of "$section")"
done
[ -z "$(echo $needed)" ]
