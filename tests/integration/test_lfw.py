"""The issue's figures on real faces: 40 people, 5 photos enrolled, the rest searched for among 500 strangers each."""

from datetime import UTC, datetime

import pytest

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.faces.enrolment import enrolled_photos, judge
from privacyguard.faces.matching import best_match
from privacyguard.model.person import FaceTemplate, Relation
from privacyguard.model.picture import Closeness, PictureAnalysis
from tests.support.lfw import FOLDER, analyse_all, enrolled_pictures, strangers

pytestmark = [
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the development faces are not beside the project"),
    pytest.mark.timeout(300),
]

STRANGERS = 500


def closeness(template: FaceTemplate, analysis: PictureAnalysis) -> Closeness | None:
    best = best_match(template, analysis, Relation.ME)
    return best[2] if best else None


def test_almost_all_of_a_person_is_found_among_strangers_with_hardly_a_false_alarm(
    capsys: pytest.CaptureFixture[str],
) -> None:
    people = enrolled_pictures()
    with AnalysisPool() as pool:
        photos = {name: [pool.analyse(path, cuts=True) for path in paths[:5]] for name, paths in people.items()}
        searched = analyse_all([path for paths in people.values() for path in paths[5:]], pool)
        others = analyse_all(strangers()[:STRANGERS], pool)
    found: dict[Closeness | None, int] = dict.fromkeys((*Closeness, None), 0)
    alarms: dict[Closeness | None, int] = dict.fromkeys((*Closeness, None), 0)
    accepted = 0
    for name, paths in people.items():
        kept = enrolled_photos(judge(photos[name]))
        accepted += len(kept)
        template = FaceTemplate(kept, photos[name][0].model_id, datetime(2026, 1, 1, tzinfo=UTC))
        for path in paths[5:]:
            found[closeness(template, searched[path])] += 1
        for analysis in others.values():
            alarms[closeness(template, analysis)] += 1
    a_lot = found[Closeness.A_LOT] / sum(found.values())
    either = 1 - found[None] / sum(found.values())
    false_either = alarms[Closeness.A_LOT] + alarms[Closeness.A_LITTLE]
    with capsys.disabled():
        print(
            f"\n  photos accepted {accepted} of {5 * len(people)}; a lot: {a_lot:.2%} found, {alarms[Closeness.A_LOT]}"
            f" false alarms; a little or a lot: {either:.2%} found, {false_either} false alarms"
        )
    assert accepted >= 0.97 * 5 * len(people)
    assert a_lot >= 0.98
    assert either >= 0.993
    assert alarms[Closeness.A_LOT] <= 1
    assert false_either <= 4
