"""Have I Been Pwned, by e-mail address, with the person's own key. API: https://haveibeenpwned.com/API/v3 (read 2026-10-04).

Where the plan includes it, an address is looked for by the first 6 of the 40 signs of its SHA-1 (k-anonymity): the reply
holds hundreds of endings, all but our own are dropped at once, and the leaks' names are looked up in the list kept here.
Texts on public pages (pastes) cannot be searched so; with such a plan they are not asked for, since that would send the
whole address after all.

The service also takes user names and telephone numbers. We do not ask about those: a user name belongs to many people, and a
number in another form than the leak's would look like "in no leak". Leaks that the service calls sensitive, and retired
ones, are never in its answer; it shows sensitive ones only to the owner of the address.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import quote

from privacyguard.errors import CodeRefused, UnexpectedReply
from privacyguard.i18n import N_, _
from privacyguard.model.breach import Breach
from privacyguard.model.person import Identifier, IdentifierKind
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import Cache
from privacyguard.sources.breaches.catalogue import BreachCatalogue
from privacyguard.sources.breaches.hibp_model import BASE_URL, HOST, TERMS_URL, is_none, parse_breaches, refuse_other
from privacyguard.sources.breaches.hibp_plan import Plan, Plans
from privacyguard.sources.reading import a_day, a_list, a_name, a_text, an_object, plain

TEST_DOMAIN = "@hibp-integration-tests.com"
"""The service's own accounts for trying it out: any well-formed code may ask about them, also one without a plan."""
PREFIX_SIGNS = 6

_ENDING = re.compile(r"[0-9A-F]{34}", re.IGNORECASE)
_NOT_PASTES = frozenset({"OptOut", "PermanentOptOut"})
"""Entries in the list of pastes that only say that an owner asked for silence."""


class HaveIBeenPwned:
    """Asks which leaks, and which texts on public pages, hold an address.

    Args:
        cache: where it is kept what the plan includes.
        leaks: the list of all leaks, for the prefix search.
        base_url: of the service.
        clock: the time, with its zone.
    """

    info = SourceInfo(
        id="hibp",
        name="Have I Been Pwned",
        theme=Theme.LEAKS,
        finds=N_(
            "Leaks and public texts that hold your e-mail address."
            " Leaks of very private sites it shows only on its own page."
        ),
        accepts=frozenset({IdentifierKind.EMAIL}),
        hosts=frozenset({HOST}),
        discloses=N_(
            "your full e-mail address and your code. With a big plan: only 6 of the 40 signs of its fingerprint,"
            " and no look at public texts"
        ),
        cost=N_("You need a code of your own. It cost about 4 dollars a month when we last looked."),
        needs_key=True,
        terms_url=TERMS_URL,
        key_url="https://haveibeenpwned.com/API/Key",
        limits=(Limit(10, 60.0),),  # the smallest plan; the count is over any one-minute block
        requests_each=2,
    )

    def __init__(
        self,
        cache: Cache,
        leaks: BreachCatalogue,
        base_url: str = BASE_URL,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.base_url = base_url
        self._leaks = leaks
        self._plans = Plans(cache, base_url, clock)

    def check(self, identifier: Identifier, gateway: Gateway) -> Iterator[Breach]:
        """The leaks that hold the address. Raises :class:`CodeMissing`, :class:`CodeRefused` or another SourceError."""
        address = identifier.value.strip().lower()
        plan = self._plan_for(address, gateway)
        if plan is not None:
            gateway.allow(plan.limits)
        try:
            if plan is not None and plan.has_prefix_search:
                yield from self._by_prefix(address, gateway)
            else:
                yield from self._by_address(address, gateway)
        except CodeRefused:
            self._plans.forget()
            raise

    def test_key(self, gateway: Gateway) -> str:
        """What the plan that the code belongs to includes, in words."""
        plan = self._plans.asked(gateway)
        words = _("Plan: {name}. You can ask {count} times a minute.").format(name=plan.name, count=plan.per_minute)
        if plan.has_prefix_search:
            more = _("We send only a part of a fingerprint of your address. Public texts are not looked through.")
        else:
            more = _("We send your full address.")
        return f"{words} {more}"

    def _plan_for(self, address: str, gateway: Gateway) -> Plan | None:
        """The plan; None for an account that is there for tests, where the code has none."""
        try:
            return self._plans.current(gateway)
        except CodeRefused:
            if not address.endswith(TEST_DOMAIN):
                raise
            return None

    def _by_address(self, address: str, gateway: Gateway) -> Iterator[Breach]:
        account = quote(address, safe="")
        # The whole form, unsure leaks too.
        way = f"breachedaccount/{account}?truncateResponse=false&includeUnverified=true"
        yield from parse_breaches(self._ask(way, gateway, N_("leak check")))
        yield from parse_pastes(self._ask(f"pasteaccount/{account}", gateway, N_("check of public texts")))

    def _ask(self, way: str, gateway: Gateway, purpose: str) -> list[object]:
        """The entries in a reply; none for the documented 404."""
        reply = gateway.get(
            f"{self.base_url}/{way}",
            what=N_("your full e-mail address and your code"),
            purpose=purpose,
            secret_headers={"hibp-api-key": gateway.api_key},
        )
        return [] if is_none(reply) else _entries(reply)

    def _by_prefix(self, address: str, gateway: Gateway) -> Iterator[Breach]:
        code = hashlib.sha1(address.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest().upper()
        reply = gateway.get(
            f"{self.base_url}/breachedaccount/range/{code[:PREFIX_SIGNS]}",
            what=N_("6 of the 40 signs of a fingerprint of your e-mail address, and your code"),
            purpose=N_("leak check"),
            secret_headers={"hibp-api-key": gateway.api_key},
        )
        names = [] if _is_no_ending(reply) else names_of(_entries(reply), code[PREFIX_SIGNS:])
        del reply  # The terms: what is not about the own address is dropped at once.
        if names:
            yield from self._leaks.described(names, gateway)


def names_of(untrusted: list[object], ending: str) -> list[str]:
    """The names of the leaks of one ending in the reply to a prefix; nothing of the others is kept.

    Raises:
        UnexpectedReply: any entry is not of the agreed form.
    """
    names: list[str] = []
    for entry in untrusted:
        fields = an_object(entry)
        suffix, sites = fields.get("hashSuffix"), a_list(fields.get("websites"), 10_000)
        if not isinstance(suffix, str) or not _ENDING.fullmatch(suffix) or not sites:
            raise UnexpectedReply("not the agreed endings")
        if suffix.upper() == ending:
            names += [a_name(site) for site in sites]
    return list(dict.fromkeys(names))


def parse_pastes(untrusted: list[object]) -> list[Breach]:
    """The texts on public pages in a reply. Only that they hold the address is known of them.

    Raises:
        UnexpectedReply: any field is not as the service's contract says.
    """
    entries = [an_object(each) for each in untrusted]
    return [_paste(each) for each in entries if a_name(each.get("Source")) not in _NOT_PASTES]


def _paste(fields: dict[str, object]) -> Breach:
    source, number = a_name(fields.get("Source")), a_name(fields.get("Id"))
    title = fields.get("Title")
    called = "" if title is None else a_text(title)
    return Breach(
        name=plain(f"paste-{source}-{number}"),
        title=plain(f"{source} {number} ({called})" if called else f"{source} {number}"),
        domain="",
        occurred_on=a_day(fields.get("Date")),
        added_on=None,
        data_classes=("Email addresses",),
        verified=False,
        paste=True,
    )


def _entries(reply: Reply) -> list[object]:
    refuse_other(reply)
    entries = a_list(reply.json())
    if not entries:
        raise UnexpectedReply("found, but nothing in it")  # "none" is a 404
    return entries


def _is_no_ending(reply: Reply) -> bool:
    """Whether this is the documented 404 of the prefix search: a line of plain text."""
    if reply.status != 404 or reply.content_type != "text/plain":
        return False
    return reply.text().strip() == "There are no hashes beginning with that prefix"
