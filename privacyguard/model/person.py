"""A person, what is checked for them, and their face pattern."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from privacyguard.i18n import N_
from privacyguard.model.picture import Embedding, FaceCut, SecondOpinion
from privacyguard.model.sites import HOST, in_ascii

LENGTH_AT_MOST, LOCAL_AT_MOST = 254, 64
"""Characters of any identifier, and of an e-mail address before the "@" (RFC 5321)."""

_NOT_IN_AN_ADDRESS = frozenset(' "(),:;<>@[\\]')
_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_NOT_AN_ADDRESS = N_("This does not look like an e-mail address.")


class Relation(StrEnum):
    """Who the profile is for."""

    ME = "me"
    MY_CHILD = "my-child"
    SOMEONE_I_HELP = "someone-i-help"


class IdentifierKind(StrEnum):
    """What an identifier is."""

    EMAIL = "email"
    USERNAME = "username"
    SERVICE = "service"
    ORGANISATION = "organisation"
    NAME = "name"
    PHONE = "phone"


@dataclass(frozen=True)
class Identifier:
    """Something to check, already normalised (:func:`normalised`). Its value never appears in a log."""

    kind: IdentifierKind
    value: str = field(repr=False)


def normalised(kind: IdentifierKind, untrusted_text: str) -> Identifier:
    """The identifier in its one form: NFC, trimmed, white space folded; the site of a service or organisation as its host.

    E-mail addresses are in lower case, their domain in ASCII (IDNA); what follows a plus sign is kept.

    Raises:
        ValueError: it cannot be one. The message is for people, marked for translation, and never repeats the value.
    """
    text = unicodedata.normalize("NFC", " ".join(untrusted_text.split()))
    if not text or len(text) > LENGTH_AT_MOST or not text.isprintable():
        raise ValueError(N_("It is empty, too long, or holds signs that cannot be seen."))
    if kind is IdentifierKind.EMAIL:
        text = _address(text)
    elif kind in (IdentifierKind.SERVICE, IdentifierKind.ORGANISATION):
        text = _host(text) or text
    return Identifier(kind, text)


def mailbox(identifier: Identifier) -> str:
    """The e-mail address without what follows a plus sign; of Gmail also without dots, and under its one domain.

    Only to recognise that two addresses reach one mailbox: services know an address as it was typed there. Of other kinds it
    is the value itself.
    """
    if identifier.kind is not IdentifierKind.EMAIL:
        return identifier.value
    local, _at, domain = identifier.value.rpartition("@")
    plain = local.partition("+")[0] or local
    if domain in _GMAIL:
        return f"{plain.replace('.', '') or plain}@gmail.com"
    return f"{plain}@{domain}"


def _address(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if local.startswith('"') and local.endswith('"') and len(local) > 1:
        raise ValueError(N_("An address with quote marks cannot be checked. No service knows that form."))
    local = unicodedata.normalize("NFC", local.lower())
    if not at or not local or len(local) > LOCAL_AT_MOST or not _NOT_IN_AN_ADDRESS.isdisjoint(local):
        raise ValueError(_NOT_AN_ADDRESS)
    host = in_ascii(domain)
    if not HOST.fullmatch(host) or len(local) + 1 + len(host) > LENGTH_AT_MOST:
        raise ValueError(_NOT_AN_ADDRESS)
    return f"{local}@{host}"


def _host(text: str) -> str:
    """The host of a site, without ``www.``, where the text is one or an address on one; "" where it is a name."""
    scheme, separator, rest = text.partition("://")
    if separator and scheme.lower() not in ("http", "https"):
        return ""
    authority = re.split(r"[/?#\\]", rest if separator else text, maxsplit=1)[0].rpartition("@")[2]
    if not separator and authority.rpartition(".")[2].istitle():
        return ""  # Dr.Oetker
    host = in_ascii(re.sub(r":[0-9]*$", "", authority))
    return host.removeprefix("www.") if HOST.fullmatch(host) else ""


@dataclass(frozen=True)
class Consent:
    """What the person agreed to, for whom, when, and which text they saw. Kept in the vault, never sent."""

    face_pattern: bool
    folders: bool
    text_version: str
    given_at: datetime
    given_by: Relation


@dataclass(frozen=True)
class EnrolledPhoto:
    """What is kept of one photo: the small face cut, its embedding, and the photo's perceptual and content hashes.

    ``second``: what is asked about a face in doubt is compared with it; None in a face pattern of an older version.
    ``copy_variants``: the hashes by which copies of the photo are known, packed by ``pictures/copies.py``; empty in a face
    pattern of an older version.
    """

    embedding: Embedding = field(repr=False)
    cut: FaceCut = field(repr=False)
    phash: str = field(repr=False)
    sha256: str = field(repr=False)
    second: SecondOpinion | None = field(repr=False, default=None)
    copy_variants: bytes = field(repr=False, default=b"")


@dataclass(frozen=True)
class FaceTemplate:
    """A face pattern: 1 to 8 unit-length embeddings of one model, each with its face cut."""

    photos: tuple[EnrolledPhoto, ...] = field(repr=False)
    model_id: str
    enrolled_at: datetime

    @property
    def embeddings(self) -> tuple[Embedding, ...]:
        """The embeddings of the enrolled photos, (n, d), unit length."""
        return tuple(photo.embedding for photo in self.photos)


@dataclass(frozen=True)
class Person:
    """Somebody PrivacyGuard looks out for. ``person_id``: random, in no relation to the name."""

    person_id: str
    name: str = field(repr=False)
    relation: Relation = Relation.ME
    is_adult: bool = True
    identifiers: tuple[Identifier, ...] = field(default=(), repr=False)
    template: FaceTemplate | None = field(default=None, repr=False)
    consent: Consent | None = None
