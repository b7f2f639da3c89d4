"""What the plan behind a code of Have I Been Pwned includes: asked once a day, kept with a fingerprint of the code only.

API: https://haveibeenpwned.com/API/v3 (read 2026-10-04), ``/subscription/status``.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from privacyguard.errors import CodeRefused, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.source import Limit
from privacyguard.net.gateway import Gateway
from privacyguard.sources.base import Cache
from privacyguard.sources.breaches.hibp_model import is_none, refuse_other
from privacyguard.sources.reading import a_count, a_day, a_flag, a_name, an_object

CACHE_NAME = "hibp-plan"
KEPT_FOR = timedelta(days=1)


class PlanEnded(CodeRefused):
    """The code is right, but nothing is paid for."""

    title = N_("Your plan with this place has ended.")
    remedy = N_("Renew it on their page. Then check again.")


@dataclass(frozen=True)
class Plan:
    """``per_minute``: questions; ``has_prefix_search``: an address can be looked for by a part of its fingerprint."""

    name: str
    per_minute: int
    has_prefix_search: bool
    paid_until: date | None

    @property
    def limits(self) -> tuple[Limit, ...]:
        """What the plan allows, for the gateway."""
        return (Limit(self.per_minute, 60.0),)


class Plans:
    """The plan of the code in use.

    Args:
        cache: where it is kept.
        base_url: of the service.
        clock: the time, with its zone.
    """

    def __init__(self, cache: Cache, base_url: str, clock: Callable[[], datetime]) -> None:
        self._cache = cache
        self._base_url = base_url
        self._clock = clock

    def current(self, gateway: Gateway) -> Plan:
        """The plan as kept, or as the service tells it. Raises :class:`PlanEnded` or another SourceError."""
        return self._kept(_mark_of(gateway.api_key)) or self.asked(gateway)

    def asked(self, gateway: Gateway) -> Plan:
        """The plan as the service tells it now. Raises :class:`PlanEnded` or another SourceError."""
        self.forget()
        reply = gateway.get(
            f"{self._base_url}/subscription/status",
            what=N_("your code"),
            purpose=N_("to learn what your code includes"),
            secret_headers={"hibp-api-key": gateway.api_key},
        )
        if is_none(reply):
            raise PlanEnded("no active subscription")
        refuse_other(reply)
        plan = parse(reply.json())
        self.keep(plan, gateway.api_key)
        return plan

    def keep(self, plan: Plan, api_key: str) -> None:
        """Use this plan for a day, as long as the code is the same."""
        kept = {"of": _mark_of(api_key), **asdict(plan), "paid_until": str(plan.paid_until or "")}
        self._cache.save(CACHE_NAME, json.dumps(kept).encode())

    def forget(self) -> None:
        """Ask anew next time: the service did not do what the kept plan says."""
        self._cache.save(CACHE_NAME, b"{}")

    def _kept(self, mark: str) -> Plan | None:
        found = self._cache.load(CACHE_NAME)
        if found is None or not timedelta(0) <= self._clock() - found[1] < KEPT_FOR:
            return None
        try:
            kept = an_object(json.loads(found[0]))
            if not hmac.compare_digest(str(kept.pop("of", "")), mark):
                return None
            return Plan(**{**kept, "paid_until": a_day(kept["paid_until"])})
        except (ValueError, TypeError, KeyError, UnexpectedReply):
            return None  # another version's form


def parse(untrusted: object) -> Plan:
    """The plan in a reply. Raises :class:`UnexpectedReply`."""
    fields = an_object(untrusted)
    per_minute = a_count(fields.get("Rpm"), 1_000_000)
    if per_minute == 0:
        raise UnexpectedReply("a plan that allows nothing")
    return Plan(
        a_name(fields.get("SubscriptionName")),
        per_minute,
        a_flag(fields.get("IncludesKAnon"), False),
        a_day(fields.get("SubscribedUntil")),
    )


def _mark_of(api_key: str) -> str:
    """What tells one code from another without holding it. A code is random, so the mark cannot be guessed back."""
    return hmac.new(api_key.encode(), b"plan of Have I Been Pwned", hashlib.sha256).hexdigest()
