"""The address of a page as a person typed it, and whether it is one that may be asked."""

from collections.abc import Iterable
from urllib.parse import urldefrag, urlsplit, urlunsplit

from privacyguard.errors import AddressRefused, PrivacyGuardError
from privacyguard.i18n import N_
from privacyguard.net.addresses import in_ascii, parse


class PageNotTaken(PrivacyGuardError):
    """What was typed is no address of a page on the public web. The argument is the guard's reason, never the address."""

    title = N_("This is not the address of a public web page.")
    remedy = N_("Copy the address from your browser. It starts with https:// and holds no name or password.")
    exit_code = 2


def typed_page(typed: str, names: Iterable[str] = ()) -> str:
    """The address in its one form: host in ASCII and lower case, without the part behind "#". https where no scheme was typed.

    ``names``: exact names of ``[net] resolve``, which skip the guard.

    Raises:
        PageNotTaken: no address, not http or https, a user or password in it, or not a name of the public internet.
    """
    text = typed.strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(in_ascii(urldefrag(text).url))
        path = parts.path or "/"
        host = parts.netloc.lower().removesuffix(":443" if parts.scheme == "https" else ":80")
        address = urlunsplit((parts.scheme, host, path, parts.query, ""))
        allowed = {*names, *_made_up(parts.hostname or "")}
        parse(address, exceptions=frozenset(), names=frozenset(allowed), is_typed=lambda address: True)
    except (AddressRefused, ValueError):
        raise PageNotTaken("address") from None
    return address


def _made_up(host: str) -> tuple[str, ...]:
    """A name kept for examples: it leads nowhere, unless the settings send it to a test server, perhaps later."""
    return (host,) if host.endswith(".example") and host.count(".") == 1 else ()
