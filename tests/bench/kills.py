"""kill -9 of the app at 50 moments by chance, and of a worker at 50, while a scan runs; each time it ends as if undisturbed.

A private session with a real password store; the pictures are 600 of the development faces and those of one person. The
moments come from a seeded generator: for the app evenly over the time that an undisturbed scan takes, for workers up to
three seconds after the one before. A difference to the undisturbed scan ends it with a traceback.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from tests.support import lfw
from tests.support.commands import CommandLine
from tests.support.keyring_session import keyring_session
from tests.support.scan_kills import Kills

KILLS = 50
PICTURES = 600
SEED = 3


def figures(kills: int = KILLS, pictures: int = PICTURES) -> dict[str, object]:
    """How often it was killed, and in how many scans from the beginning."""
    with tempfile.TemporaryDirectory() as top, keyring_session() as session:
        folder = Path(top, "pictures")
        folder.mkdir()
        enrolled, *hers = lfw.enrolled_pictures().popitem()[1]
        for picture in [*hers, *lfw.strangers()[:pictures]]:
            shutil.copy(picture, folder / picture.name)
        home = CommandLine(session, Path(top, "home"))
        done = home("enrol", "--consent", enrolled)
        assert done.status == 0, done.err
        disturb = Kills(home, folder, SEED)
        expected, seconds = disturb.undisturbed()
        of_the_app = disturb.of_the_app(kills, expected, seconds)
        of_workers = disturb.of_workers(kills, expected, 3.0)
    return {
        "kills_pictures": dict(expected.counts)["seen"],
        "kills_matches": len(expected.matches),
        "kills_undisturbed_scan_s": round(seconds, 1),
        "kills_of_the_app": of_the_app["kills"],
        "kills_of_the_app_scans": of_the_app["rounds"],
        "kills_of_workers": of_workers["kills"],
        "kills_of_workers_scans": of_workers["rounds"],
        "kills_lost_or_twice": 0,
    }


if __name__ == "__main__":
    print(json.dumps(figures(*map(int, sys.argv[1:])), indent=2))
