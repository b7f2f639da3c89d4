"""What left this computer: the sum in words, and the list as CSV, with no cell that a spreadsheet could take for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from privacyguard import wording
from privacyguard.i18n import _, ngettext
from privacyguard.model.source import Disclosure

COLUMNS = ("at", "host", "source", "what", "purpose", "bytes")

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # also the full-width forms


def total_words(sent: Sequence[Disclosure]) -> str:
    """How much left, as "12 requests, 8 kB, to 3 places."."""
    requests = ngettext("{count} request", "{count} requests", len(sent)).format(count=len(sent))
    hosts = len({each.host for each in sent})
    places = ngettext("{count} place", "{count} places", hosts).format(count=hosts)
    size = wording.size(sum(each.bytes for each in sent))
    return _("{requests}, {size}, to {places}.").format(requests=requests, size=size, places=places)


def disclosures_csv(disclosures: Iterable[Disclosure]) -> bytes:
    """UTF-8 with a mark at the beginning, by which spreadsheets know it; one line for each request, in this order."""
    text = io.StringIO()
    rows = csv.writer(text, quoting=csv.QUOTE_ALL)
    rows.writerow(COLUMNS)
    for each in disclosures:
        cells = (each.at.isoformat(), each.host, each.source_id, _(each.what), _(each.purpose), str(each.bytes))
        rows.writerow([inert(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def inert(cell: str) -> str:
    """The cell with a quote in front where a spreadsheet would calculate it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
