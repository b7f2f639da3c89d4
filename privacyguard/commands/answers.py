"""What is known, as JSON: the shapes that programs read."""

import dataclasses

from privacyguard.model.advice import Advice, Level
from privacyguard.model.breach import Breach
from privacyguard.model.finding import Finding
from privacyguard.model.picture import FaceMatch, PictureCopy
from privacyguard.model.profile import Profile
from privacyguard.model.provenance import HiddenInPhotos, Provenance


def finding_as_json(finding: Finding, person: str, level: Level, title: str) -> dict[str, object]:
    """A finding; ``person``: their name."""
    return {
        "key": finding.key,
        "kind": finding.kind.value,
        "person": person,
        "sources": list(finding.sources),
        "level": level.value,
        "title": title,
        "first_seen": finding.first_seen.isoformat(),
        "last_seen": finding.last_seen.isoformat(),
        "mark": finding.mark.kind.value if finding.mark else None,
        "evidence": evidence_as_json(finding),
    }


def evidence_as_json(finding: Finding) -> dict[str, object]:
    """What the finding rests on, without pixels and hashes."""
    match finding.evidence:
        case Breach() as breach:
            return _breach_as_json(breach, finding)
        case FaceMatch() as match:
            return _match_as_json(match)
        case PictureCopy() as copy:
            return {
                "picture": copy.picture,
                "page": copy.page,
                "title": copy.title,
                "copy_distance": copy.distance,
                "on_this_computer": copy.on_this_computer,
                "swap": copy.swap.value if copy.swap else None,
                "provenance": provenance_as_json(copy.provenance),
                "profile": profile_as_json(copy.profile),
            }
        case Profile() as profile:
            return profile_as_json(profile) or {}
        case HiddenInPhotos() as hidden:
            return {
                "folder": hidden.folder,
                "photos": hidden.photos,
                "counts": {kind.value: count for kind, count in hidden.counts},
                "examples": list(hidden.examples),
            }


def _breach_as_json(breach: Breach, finding: Finding) -> dict[str, object]:
    return {
        "account": finding.subjects[0].value if finding.subjects else None,
        "accounts": [subject.value for subject in finding.subjects],
        "name": breach.name,
        "title": breach.title,
        "domain": breach.domain,
        "occurred_on": breach.occurred_on.isoformat() if breach.occurred_on else None,
        "added_on": breach.added_on.isoformat() if breach.added_on else None,
        "data_classes": list(breach.data_classes),
        "verified": breach.verified,
        "sensitive": breach.sensitive,
        "malware": breach.malware,
        "paste": breach.paste,
        "knows_no_addresses": breach.knows_no_addresses,
        "grown": list(finding.grown),
    }


def _match_as_json(match: FaceMatch) -> dict[str, object]:
    return {
        "picture": match.picture,
        "page": match.page,
        "title": match.title,
        "box": [match.box.x, match.box.y, match.box.w, match.box.h],
        "similarity": round(match.similarity, 4),
        "closeness": match.closeness.value,
        "model_id": match.model_id,
        "on_this_computer": match.on_this_computer,
        "copy_distance": match.copy_distance,
        "time_s": match.time_s,
        "swap": match.swap.value if match.swap else None,
        "provenance": provenance_as_json(match.provenance),
        "profile": profile_as_json(match.profile),
    }


def profile_as_json(profile: Profile | None) -> dict[str, object] | None:
    """An account on a site; the finding tells which source found it."""
    if profile is None:
        return None
    return {name: value for name, value in dataclasses.asdict(profile).items() if name != "source_id"}


def provenance_as_json(provenance: Provenance | None) -> dict[str, object] | None:
    """What a picture says of how it was made."""
    return None if provenance is None else dataclasses.asdict(provenance)


def advice_as_json(advice: Advice) -> dict[str, object]:
    """A piece of advice."""
    return {
        "key": advice.key,
        "level": advice.level.value,
        "title": advice.title,
        "why": advice.why,
        "steps": [{"text": step.text, "minutes": step.minutes, "link": step.link} for step in advice.steps],
        "answers": list(advice.answers),
        "due": advice.due.isoformat() if advice.due else None,
    }
