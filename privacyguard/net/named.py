"""Sites that a source may ask beside its own hosts: those that a person named, each with all of its registered domain, or
those on a list that the source goes by, each by its very name."""

from collections.abc import Iterable
from dataclasses import dataclass

from privacyguard.model.sites import site_of
from privacyguard.net.addresses import Address, in_ascii, read_address


@dataclass(frozen=True)
class NamedSites:
    """``typed``: the addresses as the person typed them. What is unusual in one (http, a port) holds for that site only.
    ``listed``: hosts on a list.
    """

    typed: tuple[Address, ...] = ()
    listed: frozenset[str] = frozenset()

    @classmethod
    def from_texts(cls, texts: Iterable[str]) -> "NamedSites":
        """The sites of these addresses.

        Raises:
            AddressRefused: one is none.
        """
        return cls(tuple(read_address(in_ascii(text)) for text in texts))

    def holds(self, host: str) -> bool:
        """Whether the host is on the list, or belongs to the registered domain of a named site."""
        return host in self.listed or any(_is_one_site(host, each.host) for each in self.typed)

    def is_typed(self, address: Address) -> bool:
        """Whether the person typed this scheme and port for this site; a port that is not the usual one for the very host."""
        return any(
            (each.scheme, each.port) == (address.scheme, address.port)
            and (each.host == address.host or (each.has_usual_port and _is_one_site(address.host, each.host)))
            for each in self.typed
        )


def _is_one_site(host: str, other: str) -> bool:
    return host == other or (site_of(host) is not None and site_of(host) == site_of(other))
