"""Profiles, provenance and hidden details as parts of a finding's JSON. Whatever is not as we write it raises ValueError."""

import dataclasses

from privacyguard.model.profile import Profile
from privacyguard.model.provenance import Credentials, HiddenInPhotos, HiddenKind, Making, Provenance, Seal
from privacyguard.vault.fields import Fields


def packed(value: Profile | Provenance | None) -> dict[str, object] | None:
    """A profile, or what a picture says of itself, as plain values for JSON."""
    return None if value is None else dataclasses.asdict(value)


def profile(fields: Fields) -> Profile:
    """The profile again."""
    return Profile(
        site=fields.text("site"),
        page=fields.text("page"),
        user_name=fields.text("user_name"),
        shown_name=fields.optional_text("shown_name"),
        has_picture=fields.truth("has_picture"),
        source_id=fields.text("source_id"),
    )


def profile_in(fields: Fields) -> Profile | None:
    """The profile in a picture's evidence, or None."""
    value = fields.value("profile")
    return None if value is None else profile(Fields(value))


def provenance_in(fields: Fields) -> Provenance | None:
    """What a picture said of itself, or None."""
    value = fields.value("provenance")
    if value is None:
        return None
    parts = Fields(value)
    sealed = parts.value("credentials")
    return Provenance(
        making=_making(parts),
        marks=parts.texts("marks"),
        credentials=None if sealed is None else _credentials(Fields(sealed)),
    )


def packed_hidden(value: HiddenInPhotos) -> dict[str, object]:
    """What photos of a folder tell beside what they show, as plain JSON values."""
    return {
        "folder": value.folder,
        "counts": [{"kind": kind.value, "count": count} for kind, count in value.counts],
        "photos": value.photos,
        "examples": list(value.examples),
    }


def hidden_in_photos(fields: Fields) -> HiddenInPhotos:
    """The same again."""
    return HiddenInPhotos(
        folder=fields.text("folder"),
        counts=tuple((HiddenKind(each.text("kind")), each.integer("count")) for each in fields.objects("counts")),
        photos=fields.integer("photos"),
        examples=fields.texts("examples"),
    )


def _credentials(fields: Fields) -> Credentials:
    return Credentials(
        seal=Seal(fields.text("seal")),
        signer=fields.optional_text("signer"),
        tool=fields.optional_text("tool"),
        making=_making(fields),
    )


def _making(fields: Fields) -> Making | None:
    value = fields.optional_text("making")
    return None if value is None else Making(value)
