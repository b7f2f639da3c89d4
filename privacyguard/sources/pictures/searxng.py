"""SearXNG: pictures by the person's name, from a search server that they named. No code.

API: https://docs.searxng.org/dev/search_api.html (read 2026-08-22). It asks other search engines in its turn and says which of
them did not answer; without that, "no results" would mean nothing. Public servers mostly give no JSON, and are not ours to
burden, so there is no list of them here.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from privacyguard.errors import SourceError, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.person import IdentifierKind
from privacyguard.model.picture import Candidate
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.named import Named, address_in, candidates, text_in
from privacyguard.sources.reading import a_list, a_text, an_address, an_object

RESULTS_AT_MOST = 5000
ENGINES_AT_MOST = 500
"""Entries in a reply; more is not the agreed form."""


class ServerMissing(SourceError):
    """The person named no server."""

    title = N_("You have not named a search server yet.")
    remedy = N_("Add its address under “Where may we look?”.")


class AnswersSwitchedOff(SourceError):
    """Status 403: the server gives no JSON (its own default), or none to us."""

    title = N_("This search server does not answer programs.")
    remedy = N_("Ask the person who runs it to add “json” to the formats in its settings.")


class EnginesSilent(SourceError):
    """None of the engines that the server asked gave an answer."""

    title = N_("The search engines behind your server did not answer.")


class SomeEnginesSilent(SourceError):
    """Some of the engines that the server asked gave no answer. What the others found was handed on before."""

    title = N_("Some search engines behind your server did not answer. We looked at what the others found.")


class SearXng:
    """Asks the person's own search server for pictures beside their name.

    Args:
        server: the address that the person confirmed, or the one that stands in for it; None where there is none.
    """

    info = SourceInfo(
        id="searxng",
        name="SearXNG",
        theme=Theme.PICTURES,
        finds=N_("Pictures on pages with your name, by a search server that you name. We look here for your face."),
        accepts=frozenset({IdentifierKind.NAME}),
        hosts=frozenset(),
        discloses=N_("your name, to the server that you name. It asks other search engines"),
        cost=N_("Free, with a server of your own or of someone you trust"),
        terms_url="https://docs.searxng.org/",
        fetches_pictures=True,
        own_server=True,
        limits=(Limit(20, 60.0),),
    )

    def __init__(self, server: Callable[[], str | None]) -> None:
        self._server = server

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """The pictures that the server names for each name, each once.

        Raises:
            ServerMissing: nobody to ask.
            EnginesSilent: no engine answered. SomeEnginesSilent: at the end, when all the rest was handed on.
        """
        base = self._server()
        if not base:
            raise ServerMissing(self.info.id)
        seen: set[str] = set()
        is_silent = False
        for identifier in query.identifiers:
            if identifier.kind is not IdentifierKind.NAME:
                continue
            answer = _asked(base.rstrip("/"), identifier.value, gateway)
            found, silent = parse(answer, base)
            if silent and not found:
                raise EnginesSilent("all engines")
            is_silent = is_silent or bool(silent)
            yield from candidates(found, gateway, seen)
        if is_silent:
            raise SomeEnginesSilent("some engines")


def _asked(base: str, name: str, gateway: Gateway) -> object:
    words = urlencode({"q": name, "categories": "images", "format": "json", "safesearch": "0"})
    reply = gateway.get(
        f"{base}/search?{words}",
        what=N_("your name"),
        purpose=N_("search for pictures by name"),
        headers={"Accept": "application/json"},
    )
    _refuse_errors(reply)
    return reply.json()


def parse(untrusted: object, base: str) -> tuple[list[Named], list[str]]:
    """The results in a reply, and the names of the engines that did not answer.

    Pictures at the server itself are left out: it may stand in a home network, and a page that it found could so have us ask
    for any address there.

    Raises:
        UnexpectedReply: not the agreed form.
    """
    answer = an_object(untrusted)
    host = _host(base)
    found = [_named(an_object(each), host) for each in a_list(answer.get("results"), RESULTS_AT_MOST)]
    silent = [a_list(each, 10) for each in a_list(answer.get("unresponsive_engines", []), ENGINES_AT_MOST)]
    if not all(silent):
        raise UnexpectedReply("an engine without a name")
    return found, [a_text(each[0]) for each in silent]


def _named(entry: dict[str, Any], host: str | None) -> Named:
    picture, thumbnail = (_elsewhere(entry, name, host) for name in ("img_src", "thumbnail_src"))
    return Named(picture, address_in(entry, "url"), text_in(entry, "title"), thumbnail)


def _elsewhere(entry: dict[str, Any], name: str, host: str | None) -> str | None:
    untrusted = entry.get(name)
    # Some engines leave the scheme out (https://github.com/searx/searx/issues/3092).
    if isinstance(untrusted, str) and untrusted.startswith("//"):
        address = an_address(f"https:{untrusted}")
    else:
        address = address_in(entry, name)
    return None if address is None or _host(address) in (None, host) else address


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _refuse_errors(reply: Reply) -> None:
    if reply.status == 200:
        return
    if reply.status == 403:
        raise AnswersSwitchedOff("403")
    reply.json()  # a page of the network's own is told as one
    raise UnexpectedReply(f"status {reply.status}")
