"""What left this computer, as words and as CSV that no spreadsheet calculates."""

import csv
import io
from datetime import UTC, datetime

import pytest

from privacyguard.model.source import Disclosure
from privacyguard.report.disclosed import COLUMNS, disclosures_csv, inert, total_words

AT = datetime(2026, 5, 18, 9, 12, tzinfo=UTC)


def sent(
    host: str = "api.example", size: int = 100, what: str = "nothing personal", purpose: str = "leaks"
) -> Disclosure:
    return Disclosure(AT, host, "hibp", what, purpose, size)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_every_request_is_a_line_in_order_and_every_cell_is_quoted() -> None:
    content = disclosures_csv([sent("b.example", 7), sent("a.example", 9)])
    assert read(content) == [
        list(COLUMNS),
        [AT.isoformat(), "b.example", "hibp", "nothing personal", "leaks", "7"],
        [AT.isoformat(), "a.example", "hibp", "nothing personal", "leaks", "9"],
    ]
    first = content.decode("utf-8-sig").splitlines()[1]
    assert first.count('"') == 2 * len(COLUMNS)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(sign: str) -> None:
    cell = f'{sign}HYPERLINK("http://x.example","a")'
    assert read(disclosures_csv([sent(what=cell, purpose=cell, host=cell)]))[1][1:5:2] == [f"'{cell}"] * 2
    assert inert(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "api.example", "a=b", "'=1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert inert(cell) == cell


def test_quotes_and_line_ends_do_not_leave_their_cell() -> None:
    cell = 'a","b\n=c'
    assert read(disclosures_csv([sent(what=cell)]))[1][3] == cell


@pytest.mark.parametrize(
    ("requests", "words"),
    [
        ([sent(size=1)], "1 request, 1 byte, to 1 place."),
        ([sent(size=6000), sent("b.example", 6000), sent(size=40)], "3 requests, 12 kB, to 2 places."),
        ([], "0 requests, 0 bytes, to 0 places."),
    ],
)
def test_the_total_names_requests_size_and_places(requests: list[Disclosure], words: str) -> None:
    assert total_words(requests) == words
