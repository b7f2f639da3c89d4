#!/bin/sh
# Prints the path of the newest Python from 3.11 to 3.14 on the PATH, or says in one line that there is none.
# One that can make an environment by itself goes before one that needs a system package for it.
suits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'
for condition in "import ensurepip, venv; $suits" "$suits"; do
    for name in python3.14 python3.13 python3.12 python3.11 python3; do
        if "$name" -c "$condition" >/dev/null 2>&1; then
            command -v "$name"
            exit 0
        fi
    done
done
found=$(python3 --version 2>/dev/null || echo none)
echo "PrivacyGuard needs Python 3.11, 3.12, 3.13 or 3.14 (found: $found). Install one, then run the command again." >&2
exit 1
