"""What a finding rests on, as JSON; a face cut lies beside it as bytes."""

from typing import assert_never

from privacyguard.model.breach import Breach
from privacyguard.model.finding import Evidence, FindingKind
from privacyguard.model.picture import Box, Closeness, FaceCut, FaceMatch, PictureCopy, SwapSign
from privacyguard.model.profile import Profile
from privacyguard.model.provenance import HiddenInPhotos
from privacyguard.vault.evidence_web import (
    hidden_in_photos,
    packed,
    packed_hidden,
    profile,
    profile_in,
    provenance_in,
)
from privacyguard.vault.fields import Fields, day_text, to_json

_TYPES: dict[FindingKind, type[Evidence]] = {
    FindingKind.BREACH: Breach,
    FindingKind.FACE: FaceMatch,
    FindingKind.COPY: PictureCopy,
    FindingKind.PROFILE: Profile,
    FindingKind.HIDDEN: HiddenInPhotos,
}


def pack(kind: FindingKind, evidence: Evidence) -> str:
    """The evidence without its cut. Raises ValueError where it is not of the finding's kind."""
    if not isinstance(evidence, _TYPES[kind]):
        raise ValueError("evidence of another kind")
    return to_json(_packed(evidence))


def unpack(kind: FindingKind, untrusted_text: str, cut: FaceCut | None) -> Evidence:
    """The evidence again. Raises ValueError for anything else than what was packed."""
    fields = Fields.from_json(untrusted_text)
    match kind:
        case FindingKind.BREACH:
            return _breach(fields)
        case FindingKind.FACE:
            return _match(fields, cut)
        case FindingKind.COPY:
            return _copy(fields)
        case FindingKind.PROFILE:
            return profile(fields)
        case FindingKind.HIDDEN:
            return hidden_in_photos(fields)
        case _:
            assert_never(kind)


def _packed(evidence: Evidence) -> dict[str, object]:
    match evidence:
        case Breach():
            return _packed_breach(evidence)
        case FaceMatch():
            return {
                "picture": evidence.picture,
                "page": evidence.page,
                "box": packed_box(evidence.box),
                "similarity": evidence.similarity,
                "closeness": evidence.closeness.value,
                "model_id": evidence.model_id,
                "sha256": evidence.sha256,
                "phash": evidence.phash,
                "title": evidence.title,
                "on_this_computer": evidence.on_this_computer,
                "copy_distance": evidence.copy_distance,
                "time_s": evidence.time_s,
                "swap": evidence.swap.value if evidence.swap is not None else None,
                "size": list(evidence.size) if evidence.size is not None else None,
                "provenance": packed(evidence.provenance),
                "profile": packed(evidence.profile),
            }
        case PictureCopy():
            return {
                "picture": evidence.picture,
                "page": evidence.page,
                "distance": evidence.distance,
                "sha256": evidence.sha256,
                "title": evidence.title,
                "on_this_computer": evidence.on_this_computer,
                "swap": evidence.swap.value if evidence.swap is not None else None,
                "provenance": packed(evidence.provenance),
                "profile": packed(evidence.profile),
            }
        case Profile():
            return packed(evidence) or {}
        case HiddenInPhotos():
            return packed_hidden(evidence)
        case _:
            assert_never(evidence)


def _packed_breach(breach: Breach) -> dict[str, object]:
    return {
        "name": breach.name,
        "title": breach.title,
        "domain": breach.domain,
        "occurred_on": day_text(breach.occurred_on),
        "added_on": day_text(breach.added_on),
        "data_classes": list(breach.data_classes),
        "verified": breach.verified,
        "sensitive": breach.sensitive,
        "spam_list": breach.spam_list,
        "malware": breach.malware,
        "paste": breach.paste,
        "knows_no_addresses": breach.knows_no_addresses,
    }


def packed_box(box: Box) -> list[int]:
    """The rectangle as a list."""
    return [box.x, box.y, box.w, box.h]


def _breach(fields: Fields) -> Breach:
    fields = fields.with_defaults(paste=False, knows_no_addresses=False)
    return Breach(
        name=fields.text("name"),
        title=fields.text("title"),
        domain=fields.text("domain"),
        occurred_on=fields.day("occurred_on"),
        added_on=fields.day("added_on"),
        data_classes=fields.texts("data_classes"),
        verified=fields.truth("verified"),
        sensitive=fields.truth("sensitive"),
        spam_list=fields.truth("spam_list"),
        malware=fields.truth("malware"),
        paste=fields.truth("paste"),
        knows_no_addresses=fields.truth("knows_no_addresses"),
    )


def _match(fields: Fields, cut: FaceCut | None) -> FaceMatch:
    fields = fields.with_defaults(time_s=None, swap=None, size=None, provenance=None, profile=None)
    return FaceMatch(
        picture=fields.text("picture"),
        page=fields.optional_text("page"),
        box=fields.box("box"),
        similarity=fields.number("similarity"),
        closeness=Closeness(fields.text("closeness")),
        model_id=fields.text("model_id"),
        sha256=fields.text("sha256"),
        phash=fields.text("phash"),
        title=fields.optional_text("title"),
        on_this_computer=fields.truth("on_this_computer"),
        cut=cut,
        copy_distance=fields.optional_integer("copy_distance"),
        time_s=fields.optional_number("time_s"),
        swap=_swap(fields),
        size=fields.size("size"),
        provenance=provenance_in(fields),
        profile=profile_in(fields),
    )


def _copy(fields: Fields) -> PictureCopy:
    fields = fields.with_defaults(swap=None, provenance=None, profile=None)
    return PictureCopy(
        picture=fields.text("picture"),
        page=fields.optional_text("page"),
        distance=fields.integer("distance"),
        sha256=fields.text("sha256"),
        title=fields.optional_text("title"),
        on_this_computer=fields.truth("on_this_computer"),
        swap=_swap(fields),
        provenance=provenance_in(fields),
        profile=profile_in(fields),
    )


def _swap(fields: Fields) -> SwapSign | None:
    sign = fields.optional_text("swap")
    return None if sign is None else SwapSign(sign)
