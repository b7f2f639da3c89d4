"""robots.txt: what a site asks programs to leave alone. RFC 9309, https://www.rfc-editor.org/rfc/rfc9309 (read 2026-11)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

PRODUCT = "privacyguard"
"""Our name in these files."""

FILE_BYTES = 500 * 1024
"""Of a longer file the rest is not read: the RFC asks for at least so much."""

RULES_AT_MOST = 5000
DELAY_AT_MOST_S = 30.0
MAPS_AT_MOST = 10
_SAFE = "/*$?&=+,;:@!'()~-._"


@dataclass(frozen=True)
class Robots:
    """The rules for us. ``rules``: whether allowed, and the pattern; ``delay_s``: seconds between two requests, 0 for no wish;
    ``site_maps``: addresses, untrusted.
    """

    rules: tuple[tuple[bool, str], ...] = ()
    delay_s: float = 0.0
    site_maps: tuple[str, ...] = field(default=(), repr=False)

    def allows(self, address: str) -> bool:
        """Whether a program may ask for this address: the longest pattern that fits decides, and "allow" of two alike."""
        parts = urlsplit(address)
        path = _one_form((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        if path == "/robots.txt":
            return True
        fitting = [(len(pattern), allowed) for allowed, pattern in self.rules if _fits(pattern, path)]
        return max(fitting)[1] if fitting else True


def read_robots(content: bytes) -> Robots:
    """The rules of the groups that name us; where none does, of those for everybody. Unknown lines are passed over."""
    groups: dict[str, list[tuple[str, str]]] = {}
    site_maps: list[str] = []
    named: list[str] = []
    is_naming = False
    for key, value in _lines(content):
        if key == "user-agent":
            named = [*named, _product(value)] if is_naming else [_product(value)]
            is_naming = True
            groups.setdefault(named[-1], [])
        elif key == "sitemap":
            site_maps.append(value)
        elif key in {"allow", "disallow", "crawl-delay"}:
            is_naming = False
            for name in named:
                groups[name].append((key, value))
    chosen = groups.get(PRODUCT, groups.get("*", []))
    rules = [(key == "allow", _one_form(value)) for key, value in chosen if key != "crawl-delay" and value]
    delays = [_seconds(value) for key, value in chosen if key == "crawl-delay"]
    return Robots(
        tuple(rules[:RULES_AT_MOST]), min(max(delays, default=0.0), DELAY_AT_MOST_S), tuple(site_maps[:MAPS_AT_MOST])
    )


def _lines(content: bytes) -> Iterator[tuple[str, str]]:
    for line in content[:FILE_BYTES].decode("utf-8-sig", "replace").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield key.strip().lower(), value.strip()


def _product(value: str) -> str:
    """The name before a version, in lower case."""
    return value.split("/")[0].strip().lower()


def _one_form(path: str) -> str:
    """A path or pattern with every sign written in one way."""
    return quote(unquote(path, errors="replace"), safe=_SAFE)


def _fits(pattern: str, path: str) -> bool:
    """Whether a pattern with ``*`` (any signs) and ``$`` at its end (the end of the path) fits the beginning of a path."""
    is_whole = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not others:
        return not is_whole or at == len(path)
    *middle, last = others
    for part in middle:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if is_whole:
        return path.endswith(last) and len(path) - len(last) >= at
    return path.find(last, at) >= 0


def _seconds(value: str) -> float:
    """A delay; 0 for what is none."""
    try:
        seconds = float(value[:20])
    except ValueError:
        return 0.0
    return seconds if 0.0 <= seconds < float("inf") else 0.0
