"""Every heavy part started once, also in the installed app: proof that nothing is missing where it was put.

It uses nothing of the person's: drawn faces, portraits that are free for everyone, a vault in a throw-away folder with a
throw-away key.
"""

from collections.abc import Iterator

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.doctor import Check
from privacyguard.paths import resources
from privacyguard.selftest import closed_off, parts, portraits, words


def try_everything() -> Iterator[Check]:
    """Each part's result, as soon as it is known. Nothing of it is kept."""
    folder = resources()
    with AnalysisPool(workers=1) as pool:
        yield closed_off.confinement(pool)
        yield closed_off.faces(pool)
        yield portraits.photos(pool, folder / "selftest")
        yield closed_off.second_opinion(pool)
        yield closed_off.pictures(pool, folder / "selftest")
        yield closed_off.videos(pool, folder / "selftest")
        yield closed_off.seals(pool)
        yield closed_off.copies(pool)
    yield closed_off.exports()
    yield parts.vault()
    yield parts.certificates()
    yield parts.report(folder)
    yield words.words(folder)
    yield parts.window()
