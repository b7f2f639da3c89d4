"""What a service answered, and reading it without trusting it."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from privacyguard.errors import ConnectionLost, NetworkIntercepted, UnexpectedReply

_PAGES = (b"<!doctype html", b"<html", b"<head", b"<body", b"<title", b"<meta", b"<script", b"<!--")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Reply:
    """A service's answer. ``headers``: names in lower case; ``body``: decoded, within the limit.

    ``is_whole``: False where the service named neither length nor end of the body, so that a cut could not be seen.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    is_whole: bool = True

    @property
    def content_type(self) -> str:
        """The type that the service names, without its parameters, in lower case; "" where it names none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_page(self) -> bool:
        """Whether the body is a page for people: no service that we ask answers with one."""
        start = self.body[:2000].removeprefix(_BYTE_ORDER_MARK).lstrip().lower()
        return start.startswith(_PAGES) or (start.startswith(b"<?xml") and b"<html" in start)

    def json(self) -> object:
        """The body as JSON values.

        Raises:
            NetworkIntercepted: a page came instead (a hotel's sign-in page, say).
            UnexpectedReply: not JSON in UTF-8, too deep, with a key twice, or with a number that is none.
        """
        self._check_no_page()
        try:
            value: object = json.loads(
                self.body.decode("utf-8-sig"),
                parse_constant=_refuse,
                parse_float=_finite,
                object_pairs_hook=_without_doubles,
            )
        except (ValueError, RecursionError):
            raise UnexpectedReply("not the agreed JSON") from None
        if not self.is_whole and not isinstance(value, dict | list):  # half a number is a number too
            raise ConnectionLost("an end that was not named")
        return value

    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced.

        Raises:
            NetworkIntercepted: a page came instead of what was asked for (status 200).
            ConnectionLost: it may have been cut (status 200): half a list is a list too.
        """
        if self.status == 200:
            self._check_no_page()
            if not self.is_whole:
                raise ConnectionLost("an end that was not named")
        return self.body.decode("utf-8", "replace")

    def _check_no_page(self) -> None:
        if self.is_page or "html" in self.content_type:
            raise NetworkIntercepted("a page instead of data")


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
