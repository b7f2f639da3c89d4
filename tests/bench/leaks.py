"""Leaks: what our own work adds to the pace that a service allows, and how fast the list of all leaks is read and compared.

Pace: 100 addresses, a real vault (its key in memory), a real HTTP server on loopback, and XposedOrNot's own source with the
limit of 10 requests in any second, so that a run takes seconds, not hours. By the limit alone the last of 100 may go 9
seconds after the first; the overhead is what the whole checkup takes beyond that, as a share.
Our pace counts a request when its turn comes, the server when it arrives, some hundredths of a second later: the
shortest time in which 11 arrived is told, and a server that gives no more than half of leeway refused none.

List: 1,000 leaks in the form of Have I Been Pwned, 500 services, of which every fifth has a leak, half of them written as a
site and half as a name. The list lies in the cache, as after a download; "parse" is the first service, which reads and orders
it, "compare" the time of all 500 after that. Each the best of five.
"""

import json
import tempfile
import time
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.plan import CheckupPlan
from privacyguard.checkup.run import Parts, run_checkup
from privacyguard.model.checkup import Status
from privacyguard.model.person import Identifier, IdentifierKind, Relation
from privacyguard.model.progress import CancelToken, Progress
from privacyguard.model.source import Disclosure, Limit
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.breaches.catalogue import BreachCatalogue
from privacyguard.sources.breaches.xposedornot import XposedOrNot
from privacyguard.vault.vault import Vault
from tests.support.fakes.leaks import leak
from tests.support.keystores import MemoryKeyStore
from tests.support.servers import Answer, Seen, Server

ADDRESSES = 100
LIMIT = Limit(10, 1.0)
LEEWAY = 0.5
LEAKS, SERVICES, TIMES = 1000, 500, 5


class _Timed(XposedOrNot):
    info = replace(XposedOrNot.info, limits=(LIMIT,))


class _Strict:
    """A service that answers a request beyond its limit with 429. ``shortest_s``: in which one more than its limit came."""

    def __init__(self) -> None:
        self.refused = 0
        self.shortest_s = float("inf")
        self._asked: deque[float] = deque(maxlen=LIMIT.count)

    def answer(self, seen: Seen) -> Answer:
        now = time.monotonic()
        if len(self._asked) == LIMIT.count:
            self.shortest_s = min(self.shortest_s, now - self._asked[0])
            if now - self._asked[0] < LEEWAY * LIMIT.seconds:
                self.refused += 1
                return Answer(429, b"{}", headers={"Retry-After": "1"})
        self._asked.append(now)
        if len(seen.path) % 2:
            return Answer(404, b'{"Error": "No breaches found"}')
        return Answer(200, json.dumps({"breaches": [["ExampleShop", "ExampleGym"]]}).encode())


class _Cache:
    """A list as it was downloaded a moment ago."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def load(self, name: str) -> tuple[bytes, datetime]:
        return self._content, now()

    def save(self, name: str, content: bytes) -> None:
        raise AssertionError("nothing is downloaded here")


def figures() -> dict[str, object]:
    """Seconds and shares, by name."""
    return _pace() | _list()


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


def _pace() -> dict[str, object]:
    by_the_limit_s = (ADDRESSES - 1) // LIMIT.count * LIMIT.seconds
    _checked(1)  # loads what the network needs
    took_s, foreseen_s, shortest_s = _checked(ADDRESSES)
    return {
        "leaks_100_addresses_by_the_limit_s": by_the_limit_s,
        "leaks_100_addresses_foreseen_s": round(foreseen_s, 2),
        "leaks_100_addresses_s": round(took_s, 2),
        "leaks_100_addresses_overhead": round(took_s / by_the_limit_s - 1, 4),
        "leaks_11_requests_at_least_s": round(shortest_s, 2),
    }


def _checked(addresses: int) -> tuple[float, float, float]:
    """Seconds: of a checkup with so many addresses, as foreseen at its start, and for 11 requests at least."""
    service = _Strict()
    told: list[Progress] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(service.answer) as server,
        Vault.open(Path(folder, "home"), MemoryKeyStore(), clock=now) as vault,
    ):
        person_id = vault.add_person("Ann", Relation.ME, True).person_id
        named = [Identifier(IdentifierKind.EMAIL, f"ann.{number}@mail.example.org") for number in range(addresses)]
        vault.add_identifiers(person_id, named)
        settings = NetSettings("PrivacyGuard/bench", {_Timed.info.id: server.url})
        network = Network(vault.record, settings, pace_store=vault.pace)
        parts = Parts(vault, (_Timed(server.url),), network, AnalysisPool(workers=1), now, lambda _source_id: None)
        plan = CheckupPlan(person_id, frozenset({_Timed.info.id}))
        begun = time.monotonic()
        (outcome,) = run_checkup(plan, parts, told.append, CancelToken()).outcomes
        took_s = time.monotonic() - begun
    assert (outcome.status, outcome.seen, service.refused) == (Status.CHECKED, addresses, 0)
    foreseen_s = next(each.remaining_s for each in told if each.remaining_s is not None)
    return took_s, foreseen_s, service.shortest_s


def _list() -> dict[str, object]:
    names = [f"Example Service {number}" for number in range(LEAKS)]
    sites = [f"service-{number}.example" for number in range(LEAKS)]
    classes = ["Email addresses", "Passwords", "Photos"]
    content = json.dumps([leak(name, site, classes) for name, site in zip(names, sites, strict=True)]).encode()
    services = [_service(number, names, sites) for number in range(SERVICES)]
    parse_ms, compare_ms = zip(*(_timed(content, services) for _ in range(TIMES)), strict=True)
    return {
        "leaks_catalogue_bytes": len(content),
        "leaks_catalogue_parse_ms": round(min(parse_ms), 1),
        "leaks_catalogue_500_services_ms": round(min(compare_ms), 1),
    }


def _service(number: int, names: list[str], sites: list[str]) -> Identifier:
    if number % 5:
        known = f"nothing-{number}.example" if number % 2 else f"Nothing Known {number}"
    else:
        known = sites[number] if number % 2 else names[number]
    return Identifier(IdentifierKind.SERVICE, known)


def _timed(content: bytes, services: list[Identifier]) -> tuple[float, float]:
    """Milliseconds: the first answer, and all of them after that."""

    def refuse(disclosure: Disclosure) -> None:
        raise AssertionError("nothing is asked here")

    catalogue = BreachCatalogue(_Cache(content))
    gateway = Network(refuse, NetSettings("PrivacyGuard/bench")).bind(catalogue.info, CancelToken())
    begun = time.perf_counter()
    list(catalogue.check(services[0], gateway))
    read = time.perf_counter()
    found = [breach for service in services for breach in catalogue.check(service, gateway)]
    compared = time.perf_counter()
    assert len(found) == len(services) // 5
    return 1000 * (read - begun), 1000 * (compared - read)


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
