"""Who can help, by country: only facts that were read, complete, and never anything that harms a child."""

import json
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from privacyguard.advice.helplines import DATA, STOP_NCII, TAKE_IT_DOWN, Contact, countries, first_help, help_for

CODES = [code for code, _name in countries()]
NEVER_CONFIRMED = {
    "ceop.police.uk", "ic3.gov", "www.ic3.gov", "reportfraud.ftc.gov", "report.cybertip.org", "portal.onlinewache.polizei.de",
    "bfdi.bund.de", "jugendschutz.net", "cnil.fr", "garanteprivacy.it", "reportcyberandfraud.canada.ca", "priv.gc.ca",
    "oaic.gov.au", "accce.gov.au", "privacy.org.nz", "europol.europa.eu", "edpb.europa.eu", "dpdpa.pro",
}  # fmt: skip
CONFIRMED_PHONES = {
    "999", "101", "0345 6000 459", "911, or 988 in a crisis", "1-800-CALL-FBI", "844-878-2274", "110", "17 or 112", "3018",
    "017", "020-261 52 75", "911", "1-888-495-8501", "1-866-658-9022", "000", "111", "1930", "112",
}  # fmt: skip
CONFIRMED_EMERGENCY = {
    "GB": "999", "US": "911, or 988 in a crisis", "DE": "110", "FR": "17 or 112", "CA": "911", "AU": "000", "NZ": "111",
    "EU": "112",
}  # fmt: skip


def contacts(code: str) -> list[Contact]:
    lines = help_for(code)
    every = (lines.emergency, lines.crime, lines.image_abuse, lines.data_authority, lines.child)
    return [contact for contact in every if contact is not None]


@pytest.mark.parametrize("code", CODES)
def test_a_country_is_complete(code: str) -> None:
    lines = help_for(code)
    assert lines.country == code
    assert lines.name
    assert all(contact.name for contact in contacts(code))
    for needed in (lines.image_abuse, lines.child):
        assert needed.phone or needed.link
    assert date.fromisoformat(lines.checked_on) >= date(2026, 11, 23)


@pytest.mark.parametrize("code", CODES)
def test_links_and_numbers_are_those_that_were_read(code: str) -> None:
    for contact in contacts(code):
        if contact.link is not None:
            parts = urlsplit(contact.link)
            assert (parts.scheme, parts.query, parts.username, parts.port) == ("https", "", None, None)
            assert parts.hostname not in NEVER_CONFIRMED
        assert contact.phone is None or contact.phone in CONFIRMED_PHONES


@pytest.mark.parametrize("code", CODES)
def test_an_emergency_number_is_given_only_where_it_was_read(code: str) -> None:
    emergency = help_for(code).emergency
    assert emergency.phone == CONFIRMED_EMERGENCY.get(code)
    assert emergency.phone or emergency.name == "your local emergency line"


def test_the_file_holds_nothing_that_is_not_read() -> None:
    content = json.loads(DATA.read_text(encoding="utf-8"))
    kinds = {"name", "emergency", "crime", "image_abuse", "data_authority", "child"}
    for entry in content["countries"].values():
        assert set(entry) <= kinds
        assert all(set(contact) <= {"name", "phone", "link"} for kind, contact in entry.items() if kind != "name")


@pytest.mark.parametrize(
    ("asked", "known"),
    [("GB", "GB"), ("gb", "GB"), ("AT", "EU"), ("pl", "EU"), ("EU", "EU"), ("XX", "ZZ"), ("BR", "ZZ"), ("", "ZZ")],
)
def test_a_country_without_lines_of_its_own_gets_the_nearest(asked: str, known: str) -> None:
    assert help_for(asked).country == known


def test_countries_are_in_order_of_name_with_those_that_stand_for_many_last() -> None:
    names = [name for _code, name in countries()]
    assert names[:-2] == sorted(names[:-2])
    assert set(CODES[-2:]) == {"EU", "ZZ"}


def test_a_country_without_a_line_for_children_is_refused(tmp_path: Path) -> None:
    content = json.loads(DATA.read_text(encoding="utf-8"))
    del content["countries"]["GB"]["child"]
    broken = tmp_path / "helplines.json"
    broken.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ValueError, match="GB are not complete"):
        help_for("GB", broken)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("under_18", [True, None])
@pytest.mark.parametrize("threat_now", [True, False])
@pytest.mark.parametrize("online", [True, False])
def test_nobody_is_told_to_keep_a_picture_of_a_child(
    code: str, under_18: bool | None, threat_now: bool, online: bool
) -> None:
    steps = first_help(under_18, threat_now, online, help_for(code))
    text = " ".join(step.text for step in steps).lower()
    assert not re.search(r"\b(save|keep|screenshots?|download|proof|evidence|forward)\b", text)
    assert "do not open, copy or send the picture" in text
    assert "take it down by ncmec" in text
    assert re.search(r"take it down(?! by ncmec)", text) is None
    assert "stopncii" not in text
    assert [step.link for step in steps].count(TAKE_IT_DOWN) == 1
    assert STOP_NCII not in [step.link for step in steps]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("online", [True, False])
def test_grown_ups_are_told_of_stopncii_once_and_not_of_the_one_for_children(code: str, online: bool) -> None:
    steps = first_help(False, True, online, help_for(code))
    links = [step.link for step in steps]
    assert links.count(STOP_NCII) == 1
    assert TAKE_IT_DOWN not in links
    text = " ".join(step.text for step in steps)
    assert "some sites" in text
    assert ("Report it on the site" in text) is online


def test_the_list_of_links_is_made_before_anything_is_reported() -> None:
    texts = [step.text for step in first_help(False, False, True, help_for("GB"))]
    noted = next(number for number, text in enumerate(texts) if "full links" in text)
    assert all(number > noted for number, text in enumerate(texts) if text.startswith("Report it"))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("under_18", [True, False, None])
@pytest.mark.parametrize("threat_now", [True, False])
def test_danger_comes_first_and_nobody_is_told_to_pay(code: str, under_18: bool | None, threat_now: bool) -> None:
    lines = help_for(code)
    steps = first_help(under_18, threat_now, True, lines)
    assert (lines.emergency.phone or "your local emergency line") in steps[0].text
    told = [step.text for step in steps if re.search(r"\bpa(?:y|id)\b", step.text, re.IGNORECASE)]
    assert bool(told) is threat_now
    assert all("Do not pay" in text or "You can stop now" in text for text in told)
    assert not any("remove" in step.text or "vanish" in step.text for step in steps)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("under_18", [True, False, None])
def test_every_step_has_minutes_and_a_link_of_ours(code: str, under_18: bool | None) -> None:
    ours = {contact.link for contact in contacts(code)} | {TAKE_IT_DOWN, STOP_NCII, None}
    for step in first_help(under_18, True, True, help_for(code)):
        assert step.minutes >= 1
        assert step.link in ours
