"""Profiles in a checkup over a real vault, workers and sites on loopback: with the person's face, without, fake, and gone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.plan import CheckupPlan
from privacyguard.checkup.run import Parts, run_checkup
from privacyguard.faces.enrolment import enrolled_photos, judge
from privacyguard.model.advice import Level
from privacyguard.model.checkup import Checkup, Status
from privacyguard.model.finding import Finding, FindingKind, Mark, MarkKind, profile_of
from privacyguard.model.person import FaceTemplate, Identifier, IdentifierKind, Relation
from privacyguard.model.progress import CancelToken
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.catalogue import sources
from privacyguard.vault.vault import Vault
from tests.conftest import Portraits
from tests.support.fakes.profiles import PNG_OF_SQUARES, Accounts
from tests.support.keystores import MemoryKeyStore
from tests.support.services import Scenario, Services

ASKED = ("github", "mastodon", "keybase", "bluesky")
NAMES = ("jane7", "jane7@social.example.org")


def now() -> datetime:
    return datetime.now(UTC)


class Bench:
    """A grown-up with a face and the typed sentence, and sites that know their user names."""

    def __init__(self, home: Path, services: Services, pool: AnalysisPool, portraits: Portraits) -> None:
        self.accounts: Accounts = services.scenario.accounts
        self.vault = Vault.open(home, MemoryKeyStore(), clock=now)
        settings = NetSettings("PrivacyGuard/test", services.base_urls(), services.resolve())
        network = Network(self.vault.record, settings)
        every = sources(services.base_urls(), self.vault)
        self._parts = Parts(self.vault, every, network, pool, now, lambda _: None)
        self.person_id = self.vault.add_person("Jane", Relation.ME, True).person_id
        for name in NAMES:
            self.vault.add_identifier(self.person_id, Identifier(IdentifierKind.USERNAME, name))
        looked = pool.analyse(portraits.astronaut, cuts=True)
        self.vault.save_template(self.person_id, FaceTemplate(enrolled_photos(judge([looked])), looked.model_id, now()))
        self.vault.save_statement(self.person_id, now())

    def check(self) -> Checkup:
        return run_checkup(CheckupPlan(self.person_id, frozenset(ASKED)), self._parts, lambda _: None, CancelToken())

    def levels(self, checkup: Checkup) -> dict[str, Level]:
        people = {self.person_id: self.vault.person(self.person_id)}
        given = advise(self.vault.findings(), checkup.outcomes, Context(now(), "GB", people))
        return {each.key.partition(":")[0]: each.level for each in given}

    def at(self, site: str) -> Finding:
        profiles = {profile.site: each for each in self.vault.findings() if (profile := profile_of(each))}
        return profiles[site]


@pytest.fixture
def bench(tmp_path: Path, free_portraits: Portraits) -> Iterator[Bench]:
    names = {
        "github": {"jane7": "Jane"},
        "bluesky": {"jane7.bsky.social": "Other Jane"},
        "mastodon": {NAMES[1]: "Jane"},
        "keybase": {},
    }
    pictures = {
        "jane7": PNG_OF_SQUARES,
        "jane7.bsky.social": free_portraits.grace_hopper.read_bytes(),
        NAMES[1]: free_portraits.astronaut.read_bytes(),
    }
    scenario = Scenario(accounts=Accounts(names=names, pictures=pictures))
    with AnalysisPool(workers=1) as pool, Services(scenario) as services:
        made = Bench(tmp_path / "home", services, pool, free_portraits)
        yield made
        made.vault.close()


def test_profiles_become_findings_and_a_fake_one_is_dealt_with_until_it_is_gone(bench: Bench) -> None:
    first = bench.check()
    outcomes = {each.source_id: each for each in first.outcomes if each.source_id in ASKED}
    assert {each.status for each in outcomes.values()} == {Status.CHECKED}
    assert outcomes["keybase"].findings == ()
    kinds = {site: bench.at(site).kind for site in ("GitHub", "Bluesky", "Mastodon (social.example.org)")}
    assert list(kinds.values()) == [FindingKind.PROFILE, FindingKind.PROFILE, FindingKind.FACE]
    told = {site: profile_of(bench.at(site)) for site in kinds}
    assert [profile.has_picture for profile in told.values() if profile] == [False, True, True]
    assert len(bench.vault.findings()) == 3

    face = bench.at("Mastodon (social.example.org)")
    bench.vault.mark(face.key, Mark(MarkKind.NOT_MINE))
    assert bench.levels(first)["fake"] is Level.DO_TODAY

    again = bench.check()
    assert bench.at("Mastodon (social.example.org)").mark == Mark(MarkKind.NOT_MINE)
    assert bench.levels(again)["fake"] is Level.DO_TODAY

    bench.accounts.names["mastodon"].clear()
    gone = bench.levels(bench.check())
    assert gone["fake-gone"] is Level.GOOD_TO_KNOW
    assert "fake" not in gone
    bench.vault.mark(face.key, Mark(MarkKind.DONE))
    assert "fake-gone" not in bench.levels(bench.check())


def test_a_site_in_trouble_does_not_make_a_fake_profile_gone(bench: Bench) -> None:
    first = bench.check()
    assert bench.levels(first)["profile"] is Level.GOOD_TO_KNOW
    bench.vault.mark(bench.at("GitHub").key, Mark(MarkKind.NOT_MINE))
    bench.accounts.closed.add("social.example.org")
    bench.accounts.names["github"] = {"another": "Jane"}
    second = bench.check()
    statuses = {each.source_id: each.status for each in second.outcomes}
    assert (statuses["mastodon"], statuses["github"]) == (Status.FAILED, Status.CHECKED)
    bench.vault.mark(bench.at("Mastodon (social.example.org)").key, Mark(MarkKind.NOT_MINE))
    levels = bench.levels(second)
    assert (levels["fake"], levels["fake-gone"]) == (Level.DO_TODAY, Level.GOOD_TO_KNOW)
