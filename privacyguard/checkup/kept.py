"""What the vault keeps beside findings, as other parts need it: public lists, and the values that no log may hold."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from privacyguard.vault.vault import Vault


class ListsInVault:
    """Public lists that sources keep between checkups; ``vault`` opens it only when one of them is used."""

    def __init__(self, vault: "Callable[[], Vault]") -> None:
        self._vault = vault

    def load(self, name: str) -> tuple[bytes, datetime] | None:
        """The kept bytes and when they were kept, or None."""
        return self._vault().load(name)

    def save(self, name: str, content: bytes) -> None:
        """Keep ``content`` under ``name`` from now on."""
        self._vault().save(name, content)


def personal_values(vault: "Vault") -> list[str]:
    """Every name, identifier, place and reader of a letter in the vault."""
    values = [place.value for place in vault.places()]
    for person in vault.people():
        values += [person.name, *(identifier.value for identifier in person.identifiers)]
    return values + [letter.recipient for letter in vault.letters()]
