"""XposedOrNot, by e-mail address, without a key. API: https://xposedornot.com/api_doc (read 2026-08-21).

The same answer means "in no leak" and "the owner of this address asked for silence". Its terms ask to be named as the source.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from privacyguard.errors import ServiceDown, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.breach import Breach
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.sources.reading import a_flag, a_list, a_name, a_rough_day, a_text, an_object, classes, objects

BASE_URL = "https://api.xposedornot.com"
_NONE = {200: "Not found", 404: "No breaches found"}


class XposedOrNot:
    """Asks which leaks hold an address."""

    info = SourceInfo(
        id="xposedornot",
        name="XposedOrNot",
        theme=Theme.LEAKS,
        finds=N_("Leaks that hold your e-mail address. XposedOrNot keeps the list. It takes 100 addresses a day."),
        accepts=frozenset({IdentifierKind.EMAIL}),
        hosts=frozenset({"api.xposedornot.com"}),
        discloses=N_("your full e-mail address"),
        cost=N_("Free"),
        terms_url="https://xposedornot.com/terms",
        limits=(Limit(2, 1.0), Limit(25, 3600.0), Limit(100, 86400.0)),
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url

    def check(self, identifier: Identifier, gateway: Gateway) -> Iterator[Breach]:
        """The leaks that hold the address. A 404 of the service's own trouble is no "none"."""
        reply = gateway.get(
            f"{self.base_url}/v1/check-email/{quote(identifier.value, safe='')}?details=true",
            what=N_("your full e-mail address"),
            purpose=N_("leak check"),
        )
        yield from parse(reply.json(), reply.status)


def parse(untrusted: object, status: int) -> list[Breach]:
    """The leaks in a reply.

    Of the three replies with an ``Error``, 200 "Not found" and 404 "No breaches found" mean in no leak; 404 "Not found" is
    trouble inside the service (its source code), so it is a failure.

    Raises:
        ServiceDown, UnexpectedReply.
    """
    fields = an_object(untrusted)
    if "Error" in fields:
        error = a_text(fields["Error"])
        if error == _NONE.get(status):
            return []
        if (status, error) == (404, "Not found"):
            raise ServiceDown("the service's own trouble")
        raise UnexpectedReply(f"status {status}")
    if status != 200:
        raise UnexpectedReply(f"status {status}")
    # A list inside a list: one for each address of the question.
    names = [a_name(name) for inner in a_list(fields.get("breaches")) for name in a_list(inner)]
    if not names:
        raise UnexpectedReply("found, but no names")
    details = {a_name(each.get("name")): each for each in objects(fields, "breach_details")}
    return [_breach(name, details.get(name, {})) for name in dict.fromkeys(names)]


def _breach(name: str, details: dict[str, Any]) -> Breach:
    company = an_object(details.get("company", {}))
    security = an_object(details.get("security", {}))
    return Breach(
        name=name,
        title=name,
        domain=a_text(company.get("name", "")).lower(),
        occurred_on=a_rough_day(details.get("breach_date")),
        added_on=None,
        data_classes=classes(details.get("exposed_data", [])),
        verified=a_flag(security.get("is_verified"), True),
    )
