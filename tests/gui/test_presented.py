"""From what is known to what the pages say: organisations, passwords, what left, merged leaks. No window is needed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from privacyguard.errors import TimedOut
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.finding import Finding, FindingKind
from privacyguard.model.letter import SentLetter
from privacyguard.model.person import Identifier, IdentifierKind, Person
from privacyguard.model.source import Disclosure
from privacyguard.ui.presenters.disclosures import Wanted, disclosures_view
from privacyguard.ui.presenters.imports import import_words
from privacyguard.ui.presenters.organisations import organisation_rows
from privacyguard.ui.presenters.passwords import Answers, file_results, typed_results
from privacyguard.ui.presenters.views import finding_detail, results_view

NOW = datetime(2026, 5, 18, 9, 12, tzinfo=UTC)
TODAY = NOW.date()
GYM = Identifier(IdentifierKind.ORGANISATION, "Example Gym")
MAIL = Identifier(IdentifierKind.EMAIL, "zoe@example.org")
PLUS = Identifier(IdentifierKind.EMAIL, "zoe+gym@example.org")
ZOE = Person("p", "me", identifiers=(GYM, MAIL, PLUS))
LEAK = Breach("ExampleGym", "Example Gym", "gym.example", date(2026, 5, 1), None, ("Passwords", "Photos"))
NAMES = {"hibp": "Have I Been Pwned", "xposedornot": "XposedOrNot", "catalogue": "List of all known leaks"}


def letter(sent: date, due: date, answered: date | None = None, to: str = "Example Gym", of: str = "p") -> SentLetter:
    return SentLetter(f"id-{sent}", of, to, "what-do-you-hold", sent, due, answered)


def leak(breach: Breach = LEAK, **changed: object) -> Finding:
    finding = Finding("breach-1", FindingKind.BREACH, "p", ("hibp",), NOW, NOW, breach, (MAIL,))
    return replace(finding, **changed)  # type: ignore[arg-type]


def checkup(status: Status) -> Checkup:
    return Checkup(NOW, NOW, (Outcome("catalogue", status),), "p")


class TestOrganisations:
    def state(self, *letters: SentLetter, today: date = TODAY) -> tuple[str, bool, str]:
        (row,) = organisation_rows(ZOE, letters, (), None, today)
        return row.state, row.is_late, row.open_letter

    def test_without_a_letter(self) -> None:
        assert self.state() == ("No letter yet", False, "")

    def test_a_letter_to_another_or_of_another_is_none(self) -> None:
        others = (letter(TODAY, TODAY, TODAY, to="School"), letter(TODAY, TODAY, of="q"))
        assert self.state(*others) == ("No letter yet", False, "")

    def test_a_letter_about_a_leak_has_a_row_until_its_answer_came(self) -> None:
        waits = letter(date(2026, 5, 3), date(2026, 6, 3), to="Example Shop")
        gym, shop = organisation_rows(ZOE, (waits,), (), checkup(Status.CHECKED), TODAY)
        assert (gym.name, gym.is_named, gym.open_letter) == ("Example Gym", True, "")
        assert (shop.name, shop.is_named, shop.open_letter, shop.note) == ("Example Shop", False, waits.letter_id, "")

    @pytest.mark.parametrize("to", ["Example Gym", "EXAMPLE GYM"])
    def test_an_answer_is_awaited_until_its_day_has_passed(self, to: str) -> None:
        sent = letter(date(2026, 5, 3), date(2026, 6, 3), to=to)
        for today in (TODAY, date(2026, 6, 3)):
            words = "Asked on 3 May 2026, answer due by 3 June 2026."
            assert self.state(sent, today=today) == (words, False, sent.letter_id)
        words, is_late, open_letter = self.state(sent, today=date(2026, 6, 4))
        assert words == "Asked on 3 May 2026. The answer is late: it was due by 3 June 2026."
        assert (is_late, open_letter) == (True, sent.letter_id)

    def test_an_answer_that_came(self) -> None:
        sent = letter(date(2026, 3, 1), date(2026, 4, 1), date(2026, 3, 9))
        assert self.state(sent) == ("Answer came on 9 March 2026.", False, "")

    def test_a_letter_that_waits_comes_before_an_answered_one(self) -> None:
        answered = letter(date(2026, 5, 9), date(2026, 6, 9), date(2026, 5, 10))
        waits = letter(date(2026, 5, 1), date(2026, 6, 1))
        assert self.state(answered, waits)[2] == waits.letter_id

    @pytest.mark.parametrize(
        ("findings", "last", "note"),
        [
            ((), None, ""),
            ((), checkup(Status.FAILED), ""),
            ((), checkup(Status.SKIPPED), ""),
            (
                (),
                checkup(Status.CHECKED),
                "It is in no list of leaks that we know. Leaks of pictures are often in no list.",
            ),
            ((leak(subjects=(GYM,)),), checkup(Status.CHECKED), "There was a leak there. See the page Findings."),
        ],
    )
    def test_no_match_is_told_only_after_a_look_and_never_as_all_clear(
        self, findings: tuple[Finding, ...], last: Checkup | None, note: str
    ) -> None:
        (row,) = organisation_rows(ZOE, (), findings, last, TODAY)
        assert row.note == note


class TestPasswords:
    def test_a_typed_password_that_is_listed(self) -> None:
        (result,) = typed_results(Answers({"A": ()}, {"A": 37_359}))
        assert result.is_listed is True
        assert result.words == "This password is in the list, 37,359 times. Do not use it any more."

    def test_a_typed_password_that_is_not_listed_is_no_promise(self) -> None:
        (result,) = typed_results(Answers({"A": ()}, {"A": 0}))
        assert result.is_listed is False
        assert "not a promise" in result.words

    def test_a_typed_password_that_was_not_tested_has_no_result(self) -> None:
        assert typed_results(Answers({"A": ()}, {}, TimedOut())) == ()

    def test_sites_are_named_the_most_seen_first_and_the_rest_is_counted(self) -> None:
        sites = {"A": ["b.example", "a.example"], "B": ["c.example"], "C": ["d.example"], "D": [""], "E": ["f.example"]}
        tested = Answers(sites, {"A": 3, "B": 9, "C": 0, "D": 1}, TimedOut())
        assert [(each.words, each.is_listed) for each in file_results(tested)] == [
            ("c.example: its password is in the list, 9 times. Change it there.", True),
            ("a.example: its password is in the list, 3 times. Change it there.", True),
            ("b.example: its password is in the list, 3 times. Change it there.", True),
            ("An entry without a site: its password is in the list, 1 time. Change it there.", True),
            ("1 password is not in the list. Nobody has every list, so this is not a promise.", False),
            ("1 password was not tested.", None),
        ]

    def test_a_file_without_a_password_says_so(self) -> None:
        (result,) = file_results(Answers({}, {}))
        assert (result.words, result.is_listed) == ("There is no password in this file.", None)

    def test_a_name_of_a_site_cannot_turn_the_line(self) -> None:
        (result,) = file_results(Answers({"A": ["a\u202eb"]}, {"A": 1}))
        assert "\u202e" not in result.words


class TestImports:
    def test_what_was_read_and_that_the_file_is_to_be_deleted(self) -> None:
        services = tuple(Identifier(IdentifierKind.SERVICE, f"{n}.example.org") for n in range(143))
        assert import_words(services, 12, "log\u202eins.csv") == (
            "We read 143 site names and nothing else. 12 are new."
            " Now delete the export file: it holds your passwords. Its name: log\\u202eins.csv"
        )

    def test_a_file_without_a_site(self) -> None:
        assert import_words((), 0, "a.csv").startswith("We found no site name in this file.")


class TestWhatLeft:
    SENT = (
        Disclosure(NOW, "a.example", "hibp", "your full e-mail address", "leak check", 200),
        Disclosure(NOW - timedelta(days=1), "a.example", "hibp", "nothing personal", "list", 100),
        Disclosure(NOW - timedelta(days=1), "b.example", "gravatar", "nothing personal", "picture", 300),
    )

    def hosts(self, wanted: Wanted) -> list[str]:
        return [row.size for row in disclosures_view(self.SENT, wanted, NAMES, NOW).rows]

    @pytest.mark.parametrize(
        ("wanted", "sizes"),
        [
            (Wanted(), ["200 bytes", "100 bytes", "300 bytes"]),
            (Wanted(source_id="hibp"), ["200 bytes", "100 bytes"]),
            (Wanted(what="nothing personal"), ["100 bytes", "300 bytes"]),
            (Wanted(day="2026-05-17"), ["100 bytes", "300 bytes"]),
            (Wanted("hibp", "nothing personal", "2026-05-17"), ["100 bytes"]),
            (Wanted("hibp", day="2026-05-16"), []),
        ],
    )
    def test_the_list_is_narrowed(self, wanted: Wanted, sizes: list[str]) -> None:
        assert self.hosts(wanted) == sizes

    def test_what_can_be_chosen_is_what_is_there(self) -> None:
        view = disclosures_view(self.SENT, Wanted(source_id="gravatar"), NAMES, NOW)
        assert view.sources == (("hibp", "Have I Been Pwned"), ("gravatar", "gravatar"))
        assert view.days == (("2026-05-18", "18 May 2026"), ("2026-05-17", "17 May 2026"))
        assert view.summary == "1 request, 300 bytes, to 1 place."
        assert view.has_any

    def test_a_day_is_the_computers_own(self) -> None:
        east = NOW.astimezone().replace(hour=0, minute=30)
        sent = (replace(self.SENT[0], at=east.astimezone(UTC)),)
        view = disclosures_view(sent, Wanted(day=east.date().isoformat()), NAMES, east)
        assert len(view.rows) == 1

    def test_nothing_left(self) -> None:
        view = disclosures_view((), Wanted(), NAMES, NOW)
        assert (view.rows, view.summary, view.has_any) == ((), "", False)

    def test_the_last_page_of_the_checkup_tells_the_total_of_this_checkup(self) -> None:
        during = Checkup(NOW - timedelta(minutes=1), NOW, (), "p")
        assert results_view((), during, NAMES, self.SENT).left == "1 request, 200 bytes, to 1 place."
        assert results_view((), during, NAMES, ()).left == "Nothing left this computer in this checkup."


class TestLeaks:
    def detail(self, finding: Finding, shows_name: bool = False):  # type: ignore[no-untyped-def]
        return finding_detail(finding, (), ZOE, NAMES, NOW, shows_name)

    def test_a_merged_leak_tells_who_says_so_and_about_which_addresses(self) -> None:
        detail = self.detail(leak(sources=("hibp", "xposedornot", "catalogue"), subjects=(MAIL, PLUS)))
        assert detail.addresses == ("zoe@example.org", "zoe+gym@example.org")
        assert detail.said_by.startswith("Have I Been Pwned, XposedOrNot and List of all known leaks")
        assert detail.credits == (
            ("Data: Have I Been Pwned (CC BY 4.0)", "https://haveibeenpwned.com/"),
            ("Data: XposedOrNot", "https://xposedornot.com/"),
        )

    def test_a_leak_that_grew_tells_what_is_new(self) -> None:
        assert self.detail(leak()).news == ""
        assert "photos" in self.detail(leak(grown=("Photos",))).news

    def test_what_is_new_in_a_very_private_leak_is_told_only_with_its_name(self) -> None:
        hidden = leak(replace(LEAK, sensitive=True), grown=("Photos",))
        assert "photos" not in self.detail(hidden).news
        assert "photos" in self.detail(hidden, shows_name=True).news

    def test_passwords_are_tested_only_where_passwords_leaked(self) -> None:
        assert self.detail(leak()).tests_passwords
        assert not self.detail(leak(replace(LEAK, data_classes=("Names",)))).tests_passwords

    def test_our_own_list_needs_no_credit_of_others(self) -> None:
        own = leak(replace(LEAK, knows_no_addresses=True), sources=("catalogue",))
        assert self.detail(own).credits == ()

    @pytest.mark.parametrize("changed", [{"domain": ""}, {"paste": True}, {"spam_list": True}, {"malware": True}])
    def test_no_letter_where_nobody_answers_for_the_leak(self, changed: dict[str, object]) -> None:
        assert self.detail(leak()).recipient == "Example Gym"
        assert self.detail(leak(replace(LEAK, **changed))).recipient == ""  # type: ignore[arg-type]

    def test_a_sensitive_leak_names_nobody_until_it_is_asked_for(self) -> None:
        hidden = leak(replace(LEAK, sensitive=True))
        assert self.detail(hidden).recipient == ""
        assert self.detail(hidden, shows_name=True).recipient == "Example Gym"
