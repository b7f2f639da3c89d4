"""A person, what is checked for them, and their face pattern."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from privacyguard.model.picture import Embedding, FaceCut, SecondOpinion


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
    """The identifier in its one form: trimmed, white space folded; e-mail addresses and sites in lower case.

    Raises:
        ValueError: empty, over 254 characters, with control characters, or an e-mail address without its parts.
            The message never repeats the value.
    """
    text = " ".join(untrusted_text.split())
    if not text or len(text) > 254 or not text.isprintable():
        raise ValueError("an empty value, too long, or with control characters")
    if kind is IdentifierKind.EMAIL:
        text = text.lower()
        local, _, domain = text.rpartition("@")
        if not local or "." not in domain.strip(".") or " " in text or domain.startswith((".", "-")):
            raise ValueError("not an e-mail address")
    return Identifier(kind, text)


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
