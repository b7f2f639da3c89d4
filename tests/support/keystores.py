"""A test double for the password store. Never shipped: the program keeps keys in the system's own store or nowhere."""

from privacyguard.errors import VaultError


class MemoryKeyStore:
    """Entries in memory. ``failure``: raised by every call while it is set. ``asked``: each entry that was asked for."""

    def __init__(self, entries: dict[str, str] | None = None) -> None:
        self.entries = dict(entries or {})
        self.failure: VaultError | None = None
        self.asked: list[str] = []

    def load(self, entry: str) -> str | None:
        self._ask(entry)
        return self.entries.get(entry)

    def save(self, entry: str, secret: str) -> None:
        self._ask(entry)
        self.entries[entry] = secret

    def delete(self, entry: str) -> None:
        self._ask(entry)
        self.entries.pop(entry, None)

    def _ask(self, entry: str) -> None:
        self.asked.append(entry)
        if self.failure is not None:
            raise self.failure
