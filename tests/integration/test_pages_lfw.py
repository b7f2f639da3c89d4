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
    assert table["missed by the crawler"] == 0
    assert table["with page and picture"] == table["found"]
    assert table["other connections and look-ups"] == table["forbidden addresses asked"] == 0
    assert table["connections to the site"] == table["requests"]
    for reason in ("robots", "not-followed", "other-site", "endless", "too-many-pages", "not-there", "refused"):
        assert table["left out"][reason] > 0, reason
    into = table["requests into traps"]
    assert into["behind robots.txt"] == into["behind nofollow"] == into["sign out"] == into["film"] == 0
    assert into["calendar without end"] <= 24 and into["days and numbers that grow"] <= 24
    assert 0 < into["10,000 links"] < 150
    second = table["second look"]
    assert second["findings as before"] and second["new findings"] == 0
    assert second["pictures not sent again (304)"] == second["pictures asked"] >= table["shown"] + table["strangers"]
    assert second["pages not sent again (304)"] > 40
    assert (second["pictures looked at"], second["pictures looked at the first time"] > 0) == (0, True)


@pytest.mark.skipif(nginx() is None, reason="nginx is not installed (packaging/linux/system-packages.txt)")
@pytest.mark.timeout(300)
def test_a_stopped_look_is_gone_on_with_and_no_picture_is_asked_for_twice(lfw_dev: Path) -> None:
    table = pages.look_stopped("Tony_Blair", each=1)
    assert table["is told as stopped"]
    assert table["seconds to the end"] < 2
    assert 0 < table["found and kept"] < table["shown"] == table["found in the end"]
    assert table["pictures asked twice"] == 0
    assert set(table["others asked twice"]) <= {"/robots.txt", "/maps/index.xml", "/maps/one.xml.gz"}
    assert table["asked by the one that goes on"] > len(table["others asked twice"])
