"""Have I Been Pwned, by e-mail address, with the person's own key. API: https://haveibeenpwned.com/API/v3 (read 2026-10-04).

Leaks that the service calls sensitive are never in its answer; it shows them only to the owner of the address.
"""

from collections.abc import Iterator
from urllib.parse import quote

from privacyguard.errors import CodeRefused, NetworkIntercepted, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.breach import Breach
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.breaches.hibp_model import BASE_URL, HOST, TERMS_URL, parse_breaches
from privacyguard.sources.reading import a_text, an_object


class HaveIBeenPwned:
    """Asks which leaks hold an address."""

    info = SourceInfo(
        id="hibp",
        name="Have I Been Pwned",
        theme=Theme.LEAKS,
        finds=N_("Leaks that hold your e-mail address."),
        accepts=frozenset({IdentifierKind.EMAIL}),
        hosts=frozenset({HOST}),
        discloses=N_("your full e-mail address and your code"),
        cost=N_("You need a code of your own. It cost about 4 dollars a month when we last looked."),
        needs_key=True,
        terms_url=TERMS_URL,
        key_url="https://haveibeenpwned.com/API/Key",
        per_minute=10,
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url

    def check(self, identifier: Identifier, gateway: Gateway) -> Iterator[Breach]:
        """The leaks that hold the address. Raises :class:`CodeMissing`, :class:`CodeRefused` or another SourceError."""
        reply = gateway.get(
            f"{self.base_url}/breachedaccount/{quote(identifier.value, safe='')}?truncateResponse=false",
            what=N_("your full e-mail address"),
            purpose=N_("leak check"),
            secret_headers={"hibp-api-key": gateway.api_key},
        )
        if reply.status == 404 and not _is_page(reply):  # the service's way of saying "in no leak"
            return
        _refuse_other(reply)
        yield from parse_breaches(reply.json())

    def test_key(self, gateway: Gateway) -> str:
        """The name of the plan that the code belongs to."""
        reply = gateway.get(
            f"{self.base_url}/subscription/status",
            what=N_("your code"),
            purpose=N_("to test your code"),
            secret_headers={"hibp-api-key": gateway.api_key},
        )
        if reply.status == 404 and not _is_page(reply):
            raise CodeRefused("no active subscription")
        _refuse_other(reply)
        return a_text(an_object(reply.json()).get("SubscriptionName"), 60)


def _refuse_other(reply: Reply) -> None:
    if reply.status == 401:
        raise CodeRefused("401")
    if _is_page(reply):
        raise NetworkIntercepted("a page instead of data")
    if reply.status != 200:
        raise UnexpectedReply(f"status {reply.status}")


def _is_page(reply: Reply) -> bool:
    return "html" in reply.headers.get("content-type", "").lower()
