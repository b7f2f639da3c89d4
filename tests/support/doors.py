"""A gateway to one base or to names, what was recorded, and what a server says as bytes."""

import functools
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from privacyguard.errors import SourceError
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure, Limit, SourceInfo, Theme
from privacyguard.net.exchange import Timeouts
from privacyguard.net.gateway import Gateway, NetSettings, Network
from privacyguard.net.reply import Reply
from privacyguard.net.transport import tls_context

SECRET = "canary-code-9d21"
PRIVATE = "canary.person@mail.example.org"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
AT_ONCE_S = 2.0


_trust = functools.cache(tls_context)  # reading the list of authorities takes longer than all the rest


def card(*hosts: str, fetches_pictures: bool = False) -> SourceInfo:
    return SourceInfo(
        id="tested",
        name="Tested",
        theme=Theme.LEAKS,
        finds="",
        accepts=frozenset(),
        hosts=frozenset(hosts),
        discloses="an address",
        cost="",
        fetches_pictures=fetches_pictures,
        limits=(Limit(1000, 60.0),),
    )


class Impatient(CancelToken):
    """Never waits, but says how long it would have. ``waits``: seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, seconds: float) -> None:
        self.check()
        self.waits.append(seconds)


class Door:
    """A gateway to one base or to names, with what was recorded."""

    def __init__(
        self,
        base: str | None = None,
        *,
        info: SourceInfo | None = None,
        resolve: Mapping[str, str] | None = None,
        timeouts: Timeouts | None = None,
        record: Callable[[Disclosure], None] | None = None,
        cancel: CancelToken | None = None,
        confirmed: str | None = None,
        proxies: Mapping[str, str] | None = None,
        **network: Any,
    ) -> None:
        self.recorded: list[Disclosure] = []
        self.cancel = cancel or CancelToken()
        settings = NetSettings(
            "PrivacyGuard/test",
            {"tested": base} if base else {},
            resolve or {},
            proxies or {},
            {"tested": confirmed} if confirmed else {},
        )
        options = {"clock": lambda: NOW, "chance": lambda: 0.0, "tls": _trust(), **network}
        self.network = Network(record or self.recorded.append, settings, timeouts=timeouts, **options)
        self.gateway: Gateway = self.network.bind(info or card("service.example.org"), self.cancel, SECRET)
        self.base = base or confirmed or ""

    def get(self, path: str = "/", **options: Any) -> Reply:
        secret = {"X-Key": self.gateway.api_key}
        url = path if "://" in path else f"{self.base}{path}"
        return self.gateway.get(url, what="address", purpose="test", secret_headers=secret, **options)

    def post(self, path: str = "/") -> Reply:
        return self.gateway.post(f"{self.base}{path}", json={"a": 1}, what="address", purpose="test")

    def failure(self, kind: type[SourceError], path: str = f"/look?for={PRIVATE}", **options: Any) -> SourceError:
        """The error that a GET ends with: exactly of this kind, and without anything personal in it."""
        with pytest.raises(kind) as told:
            self.get(path, **options)
        assert type(told.value) is kind
        shown = "".join(traceback.format_exception(told.value.with_traceback(None)))
        assert SECRET not in shown
        assert PRIVATE not in shown
        return told.value


def said(body: bytes, **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + body
