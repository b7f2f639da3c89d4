"""Which leaks happened at a service that a person named: compared here, on this computer."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from privacyguard.model.breach import Breach

_NOT_A_LETTER = re.compile(r"[\W_]+")


class LeaksByService:
    """Leaks, found by site or by name in constant time each."""

    def __init__(self, breaches: Iterable[Breach]) -> None:
        self._by_site: dict[str, list[Breach]] = {}
        self._by_name: dict[str, list[Breach]] = {}
        for breach in breaches:
            if breach.domain:
                self._by_site.setdefault(_site(breach.domain), []).append(breach)
            for name in {_letters(breach.title), _letters(breach.name)} - {""}:
                self._by_name.setdefault(name, []).append(breach)

    def at(self, service: str) -> list[Breach]:
        """The leaks at a service, by its site or by its name, each once.

        A named site also stands for what it is a part of (``mail.example.org`` for ``example.org``). Names are equal where
        their letters and digits are; a name that only contains another one is a different name.
        """
        labels = _site(service).split(".")
        sites = (".".join(labels[start:]) for start in range(len(labels) - 1))
        found = [breach for site in sites for breach in self._by_site.get(site, ())]
        found += self._by_name.get(_letters(service), ())
        return list(dict.fromkeys(found))


def _site(text: str) -> str:
    """The host in what a person typed or a service wrote: without scheme, port, path and ``www.``."""
    text = text.strip().lower()
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".").removeprefix("www.")


def _letters(text: str) -> str:
    return _NOT_A_LETTER.sub("", text.casefold())
