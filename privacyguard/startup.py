"""What the window and the command line do alike before anything else."""

import logging
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from privacyguard import i18n, logs
from privacyguard.paths import Paths, find_paths, resources, temporary_files


@dataclass(frozen=True)
class Started:
    """What every part of the program is given.

    ``temporary``: this process's own folder, gone at the end; ``personal``: tell it what must never be logged.
    """

    paths: Paths
    temporary: Path
    personal: logs.PersonalValues
    logger: logging.Logger


@contextmanager
def started(environment: Mapping[str, str]) -> Iterator[Started]:
    """Private files, no core files, our own temporary folder, the log with its filter, words in the right language."""
    os.umask(0o077)
    prevent_core_files()
    i18n.install(resources() / "locale")
    paths = find_paths(environment)
    personal = logs.PersonalValues()
    with temporary_files(paths.runtime) as temporary:
        logger = logs.start(paths.log, personal)
        if not sys.warnoptions:
            warnings.simplefilter("ignore")  # a library's warning can name a file
        try:
            yield Started(paths, temporary, personal, logger)
        except Exception:
            logger.exception("not caught")  # here: the last-resort hook comes when the log is closed
            raise
        finally:
            logs.stop()


def prevent_core_files() -> None:
    """Keep our memory out of core files: none of our size, and an empty one where a handler takes it all the same.

    RLIMIT_CORE does not bind a handler behind a pipe (systemd-coredump, apport); the filter of 0 leaves it nothing.
    """
    if os.name != "posix":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    core_filter = Path("/proc/self/coredump_filter")
    if core_filter.exists():
        core_filter.write_text("0")
