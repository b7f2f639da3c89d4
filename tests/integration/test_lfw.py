"""On real faces: some of the development people, 5 photos enrolled, the rest searched for among strangers.

The figures over all of them: ``python -m tests.bench.recognition``. The bounds here are lower: of these ten people's pictures
four of 135 are among the hardest of all.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.faces.enrolment import enrolled_photos, judge
from privacyguard.faces.matching import Match, best_match
from privacyguard.model.person import FaceTemplate, Relation
from privacyguard.model.picture import Closeness, PictureAnalysis
from tests.support.lfw import FOLDER, analyse_all, enrolled_pictures, strangers

pytestmark = [
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the development faces are not beside the project"),
    pytest.mark.timeout(300),
]

PEOPLE, STRANGERS = 10, 300


def match(pool: AnalysisPool, template: FaceTemplate, path: Path, analysis: PictureAnalysis) -> Match | None:
    return best_match(template, analysis, Relation.ME, partial(pool.second_opinion, path))


def test_almost_all_of_a_person_is_found_among_strangers_with_hardly_a_false_alarm(
    capsys: pytest.CaptureFixture[str],
) -> None:
    people = dict(list(enrolled_pictures().items())[::4][:PEOPLE])
    found: dict[Closeness | None, int] = dict.fromkeys((*Closeness, None), 0)
    alarms, accepted = 0, 0
    with AnalysisPool() as pool, ThreadPoolExecutor(pool.workers) as threads:
        searched = analyse_all([path for paths in people.values() for path in paths[5:]], pool)
        others = analyse_all(strangers()[:STRANGERS], pool)
        for paths in people.values():
            looked = list(threads.map(lambda path: pool.analyse(path, cuts=True), paths[:5]))
            kept = enrolled_photos(judge(looked))
            accepted += len(kept)
            template = FaceTemplate(kept, looked[0].model_id, datetime(2026, 1, 1, tzinfo=UTC))
            for path in paths[5:]:
                told = match(pool, template, path, searched[path])
                found[told.closeness if told else None] += 1
            alarms += sum(match(pool, template, path, other) is not None for path, other in others.items())
    a_lot = found[Closeness.A_LOT] / sum(found.values())
    either = 1 - found[None] / sum(found.values())
    with capsys.disabled():
        print(
            f"\n  photos accepted {accepted} of {5 * PEOPLE}; a lot: {a_lot:.2%} of {sum(found.values())} found;"
            f" a little or a lot: {either:.2%}, {alarms} false alarms in {PEOPLE * STRANGERS}"
        )
    assert accepted >= 0.97 * 5 * PEOPLE
    assert a_lot >= 0.96
    assert either >= 0.97
    assert alarms <= 1
