"""How the network is to be used in this run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from privacyguard.net.addresses import in_ascii
from privacyguard.net.home import Origin, typed_base
from privacyguard.net.request import origin_of


@dataclass(frozen=True)
class NetSettings:
    """How the network is to be used.

    ``bases``: source id to a configured base address on this computer; ``resolve``: exact name to "number:port" on this
    computer (tests); ``proxies``: scheme, or scheme and host, to the system's proxy, "" for none; ``confirmed``: source id to
    the base address that the person typed and confirmed, of a server of their own.
    """

    user_agent: str
    bases: Mapping[str, str] = field(default_factory=dict)
    resolve: Mapping[str, str] = field(default_factory=dict)
    proxies: Mapping[str, str] = field(default_factory=dict)
    confirmed: Mapping[str, str] = field(default_factory=dict)

    def base_of(self, source_id: str) -> Origin | None:
        """Scheme, host and port that stand in for all hosts of this source, if it has any; the configured one first.

        Raises:
            AddressRefused: the confirmed base is not one that may be confirmed.
        """
        if self.bases.get(source_id):
            return origin_of(self.bases[source_id])
        return self.home_of(source_id)

    def home_of(self, source_id: str) -> Origin | None:
        """The confirmed base, where it counts. Raises as :meth:`base_of`."""
        typed = self.confirmed.get(source_id)
        return typed_base(typed) if typed and not self.bases.get(source_id) else None


def server_as_typed(untrusted_text: str) -> str:
    """The address of a person's own server in its one form: host in ASCII, no "/" at the end. Makes no look-up.

    Raises:
        AddressRefused: not one that may be confirmed (see :func:`~privacyguard.net.home.typed_base`).
    """
    base = in_ascii(untrusted_text.strip()).rstrip("/")
    typed_base(base)
    return base
