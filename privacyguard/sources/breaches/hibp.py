"""Have I Been Pwned, by e-mail address, with the person's own key. API: https://haveibeenpwned.com/API/v3 (read 2026-10-04).

The service also takes user names and telephone numbers. We do not ask about those: a user name belongs to many people, and a
number in another form than the leak's would look like "in no leak". Leaks that the service calls sensitive, and retired
ones, are never in its answer; it shows sensitive ones only to the owner of the address.
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
from privacyguard.sources.reading import a_list, a_name, an_object


class HaveIBeenPwned:
    """Asks which leaks hold an address."""

    info = SourceInfo(
        id="hibp",
        name="Have I Been Pwned",
        theme=Theme.LEAKS,
        finds=N_("Leaks that hold your e-mail address. Leaks of very private sites it shows only on its own page."),
        accepts=frozenset({IdentifierKind.EMAIL}),
        hosts=frozenset({HOST}),
        discloses=N_("your full e-mail address and your code"),
        cost=N_("You need a code of your own. It cost about 4 dollars a month when we last looked."),
        needs_key=True,
        terms_url=TERMS_URL,
        key_url="https://haveibeenpwned.com/API/Key",
        per_minute=10,  # the smallest plan; the count is over any one-minute block
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url

    def check(self, identifier: Identifier, gateway: Gateway) -> Iterator[Breach]:
        """The leaks that hold the address. Raises :class:`CodeMissing`, :class:`CodeRefused` or another SourceError."""
        account = quote(identifier.value, safe="")
        reply = gateway.get(
            f"{self.base_url}/breachedaccount/{account}?truncateResponse=false&includeUnverified=true",
            what=N_("your full e-mail address and your code"),
            purpose=N_("leak check"),
            secret_headers={"hibp-api-key": gateway.api_key},
        )
        if not _is_none(reply):
            yield from _leaks(reply)

    def test_key(self, gateway: Gateway) -> str:
        """The name of the plan that the code belongs to."""
        reply = gateway.get(
            f"{self.base_url}/subscription/status",
            what=N_("your code"),
            purpose=N_("to test your code"),
            secret_headers={"hibp-api-key": gateway.api_key},
        )
        if _is_none(reply):
            raise CodeRefused("no active subscription")
        _refuse_other(reply)
        return a_name(an_object(reply.json()).get("SubscriptionName"))


def _leaks(reply: Reply) -> list[Breach]:
    _refuse_other(reply)
    untrusted = reply.json()
    if not a_list(untrusted):
        raise UnexpectedReply("found, but no leaks")  # "none" is a 404
    return parse_breaches(untrusted)


def _is_none(reply: Reply) -> bool:
    """Whether this is the documented 404: without a body, or with the service's JSON. A network's own page is not."""
    if reply.status != 404:
        return False
    if not reply.body.strip() and "html" not in reply.content_type:
        return True
    return an_object(reply.json()).get("statusCode") == 404


def _refuse_other(reply: Reply) -> None:
    if reply.status == 401 or (reply.status == 403 and "does not have access" in reply.text()):
        raise CodeRefused(str(reply.status))
    if reply.is_page:
        raise NetworkIntercepted("a page instead of data")
    if reply.status != 200:
        raise UnexpectedReply(f"status {reply.status}")
