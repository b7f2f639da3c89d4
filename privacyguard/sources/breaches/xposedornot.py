"""XposedOrNot, by e-mail address, without a key. API: https://xposedornot.com/api_doc (read 2026-08-21)."""

from collections.abc import Iterator
from urllib.parse import quote

from privacyguard.errors import ServiceDown, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.breach import Breach
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.sources.reading import a_day, a_flag, a_list, a_text, an_object, classes

BASE_URL = "https://api.xposedornot.com"


class XposedOrNot:
    """Asks which leaks hold an address."""

    info = SourceInfo(
        id="xposedornot",
        name="XposedOrNot",
        theme=Theme.LEAKS,
        finds=N_("Leaks that hold your e-mail address."),
        accepts=frozenset({IdentifierKind.EMAIL}),
        hosts=frozenset({"api.xposedornot.com"}),
        discloses=N_("your full e-mail address"),
        cost=N_("Free"),
        terms_url="https://xposedornot.com/terms",
        per_minute=25,  # the service allows 25 an hour and 100 a day, two a second
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
        if reply.status not in {200, 404}:
            raise UnexpectedReply(f"status {reply.status}")
        yield from parse(reply.json(), reply.status)


def parse(untrusted: object, status: int) -> list[Breach]:
    """The leaks in a reply.

    Three shapes mean "no": 200 with ``Error: Not found`` and 404 with ``Error: No breaches found`` are in no leak; 404 with
    ``Error: Not found`` is trouble inside the service (its source code), so it is a failure.

    Raises:
        ServiceDown, UnexpectedReply.
    """
    fields = an_object(untrusted)
    error = fields.get("Error")
    if error is not None:
        if (status, error) in {(200, "Not found"), (404, "No breaches found")}:
            return []
        raise ServiceDown("the service's own trouble")
    if status != 200:
        raise UnexpectedReply(f"status {status}")
    names = [a_text(name) for inner in a_list(fields.get("breaches")) for name in a_list(inner)]
    if not names:
        raise UnexpectedReply("found, but no names")
    details = {a_text(an_object(d).get("name")): an_object(d) for d in a_list(fields.get("breach_details") or [])}
    return [_breach(name, details.get(name, {})) for name in dict.fromkeys(names)]


def _breach(name: str, details: dict[str, object]) -> Breach:
    company = an_object(details.get("company") or {})
    security = an_object(details.get("security") or {})
    return Breach(
        name=name,
        title=name,
        domain=a_text(company.get("name") or "").lower(),
        occurred_on=a_day(details.get("breach_date")),
        added_on=None,
        data_classes=classes(details.get("exposed_data") or []),
        verified=a_flag(security.get("is_verified"), True),
    )
