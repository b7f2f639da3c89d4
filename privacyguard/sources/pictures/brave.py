"""Brave Search, pictures by the person's name, with their own key. API: https://api-dashboard.search.brave.com (read 2026-07).

The filter for grown-ups' pictures is off: a copy that hurts is what somebody wants to know of. It finds words, not faces, so
most of what it brings shows other people, whose faces are dropped on this computer.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

from privacyguard.errors import CodeRefused, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.person import IdentifierKind
from privacyguard.model.picture import Candidate
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.named import CreditUsedUp, Named, address_in, candidates, text_in
from privacyguard.sources.reading import a_list, an_object

BASE_URL = "https://api.search.brave.com"
RESULTS = 100
RESULTS_AT_MOST = 1000
"""Entries in a reply; more is not the agreed form. The service gives 200 at the most."""


class BraveImages:
    """Asks for pictures beside the person's name."""

    info = SourceInfo(
        id="brave",
        name="Brave Search",
        theme=Theme.PICTURES,
        finds=N_("Pictures on pages with your name. We look here which of them show your face."),
        accepts=frozenset({IdentifierKind.NAME}),
        hosts=frozenset({"api.search.brave.com"}),
        discloses=N_("your name and your code"),
        cost=N_(
            "You need a code of your own and a bank card there."
            " In July 2026 about 1,000 searches a month were free, then 5 dollars for 1,000."
        ),
        needs_key=True,
        terms_url="https://api-dashboard.search.brave.com/terms-of-service",
        key_url="https://api-dashboard.search.brave.com/app/keys",
        fetches_pictures=True,
        limits=(Limit(1, 1.0),),  # the smallest plan
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """The pictures that the service names for each name, each once."""
        seen: set[str] = set()
        for identifier in query.identifiers:
            if identifier.kind is IdentifierKind.NAME:
                yield from candidates(self._asked(identifier.value, gateway), gateway, seen)

    def _asked(self, name: str, gateway: Gateway) -> list[Named]:
        # Spelling is not "mended": a rare name is not a slip.
        words = urlencode({"q": name, "count": RESULTS, "safesearch": "off", "spellcheck": "false"})
        reply = gateway.get(
            f"{self.base_url}/res/v1/images/search?{words}",
            what=N_("your name and your code"),
            purpose=N_("search for pictures by name"),
            headers={"Accept": "application/json"},
            secret_headers={"X-Subscription-Token": gateway.api_key},
        )
        _refuse_errors(reply)
        return parse(reply.json())


def parse(untrusted: object) -> list[Named]:
    """The results in a reply; every field of one may be missing.

    Raises:
        UnexpectedReply: not the agreed form.
    """
    answer = an_object(untrusted)
    if answer.get("type") != "images":
        raise UnexpectedReply("not a list of pictures")
    found = [an_object(each) for each in a_list(answer.get("results"), RESULTS_AT_MOST)]
    return [
        Named(
            address_in(an_object(each.get("properties", {})), "url"),
            address_in(each, "url"),
            text_in(each, "title"),
            address_in(an_object(each.get("thumbnail", {})), "src"),
        )
        for each in found
    ]


def _refuse_errors(reply: Reply) -> None:
    if reply.status == 200:
        return
    error = an_object(an_object(reply.json()).get("error", {}))
    if reply.status == 402:
        raise CreditUsedUp("402")
    # A code that it does not know is 422 too, beside what it calls wrong in the words of a search.
    if reply.status in {401, 403} or error.get("code") == "SUBSCRIPTION_TOKEN_INVALID":
        raise CodeRefused(str(reply.status))
    raise UnexpectedReply(f"status {reply.status}")
