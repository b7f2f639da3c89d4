"""The program as a double click starts it, also the installed one, and for developers."""

import multiprocessing
import sys

if __name__ == "__main__":
    # First: in the installed app a worker is this same program, and goes its own way here, before anything else is loaded.
    multiprocessing.freeze_support()

    from privacyguard.__main__ import main

    sys.exit(main())
