"""What is said of named sites that were not looked at as a whole."""

import pytest

from privacyguard.checkup.sites import A_PART, ASKED_NOT_TO, not_all_of_it
from privacyguard.model.webpage import LeftOut


@pytest.mark.parametrize(
    ("reasons", "words"),
    [
        ((), None),
        ((LeftOut.OTHER_SITE, LeftOut.NOT_THERE, LeftOut.ENDLESS, LeftOut.SAME_PAGE, LeftOut.REFUSED), None),
        ((LeftOut.ROBOTS,), ASKED_NOT_TO),
        ((LeftOut.NOT_FOLLOWED, LeftOut.OTHER_SITE), ASKED_NOT_TO),
        ((LeftOut.ROBOTS, LeftOut.TOO_MANY_PAGES), A_PART),
        ((LeftOut.TOO_MANY_PICTURES,), A_PART),
        ((LeftOut.TOO_MUCH,), A_PART),
        ((LeftOut.TOO_DEEP,), A_PART),
    ],
)
def test_a_look_at_a_part_is_not_told_as_one_at_all_of_it(reasons: tuple[LeftOut, ...], words: str | None) -> None:
    assert not_all_of_it(dict.fromkeys(reasons, 1)) == words
    assert not_all_of_it(dict.fromkeys(reasons, 0)) is None
