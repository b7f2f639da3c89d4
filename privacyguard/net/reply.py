"""What a service answered, and reading it without trusting it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from privacyguard.errors import NetworkIntercepted, UnexpectedReply


@dataclass(frozen=True)
class Reply:
    """A service's answer. ``headers``: names in lower case; ``body``: decoded, within the limit."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> object:
        """The body as JSON values.

        Raises:
            NetworkIntercepted: a page came instead (a hotel's sign-in page, say).
            UnexpectedReply: not JSON, too deep, with NaN, with a key twice, or with a monstrous number.
        """
        if "html" in self.headers.get("content-type", "").lower():
            raise NetworkIntercepted("a page instead of data")
        try:
            return json.loads(self.body, parse_constant=_refuse, object_pairs_hook=_without_doubles)
        except (ValueError, RecursionError):
            raise UnexpectedReply("not the agreed JSON") from None

    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found
