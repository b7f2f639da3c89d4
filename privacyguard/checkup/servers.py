"""Servers of the person's own that a source asks (a search server): the address they typed and confirmed, kept in the vault."""

from typing import Protocol
from urllib.parse import urlsplit

from privacyguard.net.settings import server_as_typed


class Flags(Protocol):
    """Where the addresses are kept: the vault."""

    def flag(self, name: str) -> str | None:
        """What was kept under this name, or None."""

    def set_flag(self, name: str, value: str) -> None:
        """Keep it for good before returning."""


def server_of(kept: Flags, source_id: str) -> str | None:
    """The confirmed address of the server that this source asks, or None."""
    return kept.flag(_name(source_id)) or None


def confirm_server(kept: Flags, source_id: str, untrusted_address: str) -> None:
    """Keep what the person typed and said yes to, in its one form. An empty text takes the address away.

    Raises:
        AddressRefused: not an address that may be asked: neither https, nor http in a home network. Nothing was changed.
    """
    kept.set_flag(_name(source_id), server_as_typed(untrusted_address) if untrusted_address.strip() else "")


def personal_forms(address: str | None) -> tuple[str, ...]:
    """What of an address must not be logged: all of it, and its host."""
    return (address, urlsplit(address).hostname or "") if address else ()


def _name(source_id: str) -> str:
    return f"base.{source_id}"
