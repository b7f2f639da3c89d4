"""The vault's key, in one object that shows itself to nobody."""

import secrets
from typing import NoReturn

from privacyguard.errors import WrongKey

KEY_BYTES = 32
"""256 bits, used by SQLCipher as they are: no passphrase, so nothing to derive."""


class VaultKey:
    """Random bytes that open the vault. Never in a ``repr``, a pickle, an exception or a log."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError("a key of another length")
        self._secret = secret

    @classmethod
    def new(cls) -> "VaultKey":
        """A fresh key from the system's random numbers."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def from_store(cls, untrusted_text: str) -> "VaultKey":
        """The key as the password store keeps it.

        Raises:
            WrongKey: the entry holds something else.
        """
        try:
            return cls(bytes.fromhex(untrusted_text))
        except ValueError:
            raise WrongKey("the entry is not a key") from None

    def for_store(self) -> str:
        """The text that the password store keeps: 64 hex digits."""
        return self._secret.hex()

    def pragma(self, name: str) -> str:
        """The SQL statement that hands the key to SQLCipher. ``name``: key or rekey."""
        return f"PRAGMA {name} = \"x'{self._secret.hex()}'\""

    def __repr__(self) -> str:
        return "VaultKey()"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key does not leave this process")
