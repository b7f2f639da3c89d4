"""Named sites with galleries of the development faces: nearly all pictures of the person are found, and nobody else's."""

from pathlib import Path

import pytest

from tests.bench import pages
from tests.support.web_sites import nginx


@pytest.mark.skipif(nginx() is None, reason="nginx is not installed (packaging/linux/system-packages.txt)")
@pytest.mark.timeout(300)
def test_pictures_of_the_person_are_found_and_no_stranger_is(lfw_dev: Path) -> None:
    table = pages.look_for("Tony_Blair", each=3, strangers=3)
    assert table["status"] == "checked"
    assert table["shown"] == 3 * len(table["ways"]) >= 60
    assert table["share"] >= 0.98
    assert table["false alarms"] == table["found elsewhere"] == 0
    assert table["strangers"] == table["shown"]
    assert table["other connections and look-ups"] == 0
    assert table["connections to the site"] == table["requests"]
    for reason in ("robots", "not-followed", "other-site", "endless", "too-many-pages", "not-there", "refused"):
        assert table["left out"][reason] > 0, reason
