"""What a service answered, and reading it without trusting it."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from privacyguard.errors import NetworkIntercepted, UnexpectedReply

_PAGES = (b"<!doctype html", b"<html")


@dataclass(frozen=True)
class Reply:
    """A service's answer. ``headers``: names in lower case; ``body``: decoded, within the limit."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def content_type(self) -> str:
        """The type that the service names, without its parameters, in lower case; "" where it names none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_page(self) -> bool:
        """Whether the body is a page for people: no service that we ask answers with one."""
        return self.body.lstrip()[:20].lower().startswith(_PAGES)

    def json(self) -> object:
        """The body as JSON values.

        Raises:
            NetworkIntercepted: a page came instead (a hotel's sign-in page, say).
            UnexpectedReply: not JSON in UTF-8, too deep, with a key twice, or with a number that is none.
        """
        if self.is_page or "html" in self.content_type:
            raise NetworkIntercepted("a page instead of data")
        try:
            return json.loads(
                self.body.decode("utf-8-sig"),
                parse_constant=_refuse,
                parse_float=_finite,
                object_pairs_hook=_without_doubles,
            )
        except (ValueError, RecursionError):
            raise UnexpectedReply("not the agreed JSON") from None

    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError("a number that is too large")
    return value


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found
