#!/bin/sh
# Prints the newest Python from 3.11 to 3.14 on the PATH, or says in one line that there is none.
for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
        command -v "$name"
        exit 0
    fi
done
echo "PrivacyGuard needs Python 3.11, 3.12, 3.13 or 3.14, and none was found." >&2
exit 1
