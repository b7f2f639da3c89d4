"""What is told of papers in a leak is followed by advice, and consent promises only what the program does."""

from datetime import UTC, datetime

import pytest

from privacyguard import wording
from privacyguard.advice.context import Context
from privacyguard.advice.engine import advise
from privacyguard.model.breach import Breach
from privacyguard.model.finding import Finding, FindingKind
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.wording_consent import ADULT, HELPED, PARENT, ConsentText

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
JANE = (Identifier(IdentifierKind.EMAIL, "jane@example.org"),)
PAPERS = ["Passport numbers", "Government issued IDs", "Driver’s licenses", "Driver's licenses", "Taxation records"]
BANK = ["Bank account numbers", "Credit cards", "Partial credit card data", "Credit card CVV", "PINs", "Utility bills"]


def leak(*classes: str) -> Finding:
    evidence = Breach("X", "Example", "x.example.org", NOW.date(), None, classes)
    return Finding("k", FindingKind.BREACH, "p", ("hibp",), NOW, NOW, evidence, JANE)


def advice_on(known: Finding) -> list[str]:
    return [advice.key for advice in advise((known,), (), Context(NOW, "GB"))]


@pytest.mark.parametrize("data_class", PAPERS + BANK)
def test_papers_and_bank_details_are_named_as_such_and_have_their_advice(data_class: str) -> None:
    known = leak("Email addresses", data_class)
    assert wording.finding_title(known) == "Papers or bank details in a leak: Example"
    assert advice_on(known) == ["documents:k"]


@pytest.mark.parametrize("data_class", ["Email addresses", "Spoken languages", "Spouses names", "Driving habits"])
def test_other_details_are_not_told_as_papers(data_class: str) -> None:
    assert wording.finding_title(leak(data_class)) == "Details in a leak: Example"
    assert advice_on(leak(data_class)) == ["details:k"]


@pytest.mark.parametrize("text", [ADULT, PARENT, HELPED])
def test_consent_promises_no_deletion_that_nothing_does(text: ConsentText) -> None:
    words = " ".join(words for _head, words in text.paragraphs)
    assert "until you delete it" in words
    assert "months" not in words
