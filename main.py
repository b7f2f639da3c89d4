"""Opens the window: for a double click and for developers."""

import sys

from privacyguard.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
