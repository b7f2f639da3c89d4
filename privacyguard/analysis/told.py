"""What a picture says of itself, as JSON over the pipe: the text in it is a stranger's twice, so it is checked on arrival."""

from privacyguard.analysis.checked import BadAnswer, a_list, a_number, a_word, an_object, plain_text
from privacyguard.model.provenance import Credentials, HiddenDetails, HiddenKind, Making, Provenance, Seal
from privacyguard.pictures.marks import MARKS
from privacyguard.pictures.plain import LONGEST_TEXT

MARKS_AT_MOST = 8


def provenance_to_json(value: Provenance | None) -> dict[str, object] | None:
    """What a picture says of how it was made as plain JSON values."""
    if value is None:
        return None
    sealed = value.credentials
    return {
        "making": value.making,
        "marks": list(value.marks),
        "credentials": None
        if sealed is None
        else {"seal": sealed.seal, "signer": sealed.signer, "tool": sealed.tool, "making": sealed.making},
    }


def provenance_of(untrusted: object) -> Provenance | None:
    """The same again. Raises :class:`BadAnswer`, also for the name of a program that we do not know."""
    if untrusted is None:
        return None
    parts = an_object(untrusted)
    marks = a_list(parts.get("marks"), MARKS_AT_MOST)
    if not all(isinstance(mark, str) and mark in MARKS for mark in marks):
        raise BadAnswer("unknown mark")
    sealed = parts.get("credentials")
    return Provenance(_making(parts.get("making")), tuple(marks), None if sealed is None else _credentials(sealed))


def hidden_to_json(value: HiddenDetails | None) -> dict[str, object] | None:
    """What a file tells beside what it shows as plain JSON values."""
    if value is None:
        return None
    return {
        "kinds": sorted(value.kinds),
        "place": None if value.place is None else list(value.place),
        "taken_at": value.taken_at,
        "device": value.device,
        "serial": value.serial,
    }


def hidden_of(untrusted: object) -> HiddenDetails | None:
    """The same again. Raises :class:`BadAnswer`."""
    if untrusted is None:
        return None
    parts = an_object(untrusted)
    place = None if parts.get("place") is None else a_list(parts.get("place"), 2, 2)
    return HiddenDetails(
        kinds_of(parts.get("kinds")),
        None if place is None else (a_number(place[0], 90), a_number(place[1], 180)),
        *(_optional_text(parts.get(name)) for name in ("taken_at", "device", "serial")),
    )


def kinds_of(untrusted: object) -> frozenset[HiddenKind]:
    """Kinds of hidden details. Raises :class:`BadAnswer` for one that there is not."""
    words = [a_word(each, 16) for each in a_list(untrusted, len(HiddenKind))]
    if not set(words) <= set(HiddenKind):
        raise BadAnswer("unknown kind")
    return frozenset(HiddenKind(word) for word in words)


def _credentials(untrusted: object) -> Credentials:
    parts = an_object(untrusted)
    seal = a_word(parts.get("seal"), 16)
    if seal not in set(Seal):
        raise BadAnswer("unknown seal")
    signer, tool = (_optional_text(parts.get(name)) for name in ("signer", "tool"))
    making = _making(parts.get("making"))
    if seal in {Seal.BROKEN, Seal.NOT_READ} and (signer or tool or making):
        raise BadAnswer("a claim without a seal")
    return Credentials(Seal(seal), signer, tool, making)


def _making(untrusted: object) -> Making | None:
    if untrusted is None:
        return None
    word = a_word(untrusted, 16)
    if word not in set(Making):
        raise BadAnswer("unknown making")
    return Making(word)


def _optional_text(untrusted: object) -> str | None:
    return None if untrusted is None else plain_text(untrusted, LONGEST_TEXT)
