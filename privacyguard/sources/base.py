"""What a source is: a card (:class:`SourceInfo`) and one function. It builds requests and parses replies.

A source never sleeps, retries, logs, counts progress or touches the screen: the gateway and ``checkup.run`` do. Every
reply it does not know is an :class:`UnexpectedReply`, never "nothing found".
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from privacyguard.model.breach import Breach
from privacyguard.model.person import Identifier
from privacyguard.model.picture import Candidate
from privacyguard.model.source import SourceInfo
from privacyguard.net.gateway import Gateway


@dataclass(frozen=True)
class PictureQuery:
    """What a source of pictures is asked with; each uses what it accepts.

    ``photos``: photos of the person that they agreed to send this time: JPEG bytes, hidden details removed, at most
    1,280 px a side; empty where there is no such consent.
    """

    identifiers: tuple[Identifier, ...] = field(default=(), repr=False)
    folders: tuple[Path, ...] = field(default=(), repr=False)
    photos: tuple[bytes, ...] = field(default=(), repr=False)


class Cache(Protocol):
    """What is kept between checkups (the leak catalogue, what a code's plan includes). The vault provides it."""

    def load(self, name: str) -> tuple[bytes, datetime] | None:
        """The kept bytes and when they were kept, or None."""

    def save(self, name: str, content: bytes) -> None:
        """Keep ``content`` under ``name`` from now on."""


@runtime_checkable
class BreachSource(Protocol):
    """A service that knows leaks."""

    info: SourceInfo

    def check(self, identifier: Identifier, gateway: Gateway) -> Iterator[Breach]:
        """The leaks that hold this identifier. Raises a :class:`SourceError` when it cannot tell."""


@runtime_checkable
class PictureSource(Protocol):
    """A place that brings pictures to look at."""

    info: SourceInfo

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """Pictures worth a look. Raises a :class:`SourceError` when it cannot tell."""


@runtime_checkable
class PasswordSource(Protocol):
    """A list of leaked passwords. It is asked from a page and a command of its own, never by a checkup."""

    info: SourceInfo

    def times(self, sha1_hex: str, gateway: Gateway) -> int:
        """How often the list holds the password with this fingerprint, 0 for never. Raises a :class:`SourceError`."""


@runtime_checkable
class KeyTester(Protocol):
    """A source with a code (API key) that can be tried without a search."""

    def test_key(self, gateway: Gateway) -> str:
        """What the service says of the code, in words (its plan, say). Raises :class:`CodeRefused`."""


Source = BreachSource | PictureSource | PasswordSource
