"""One of everything that a vault can hold, with values that nothing else contains."""

import dataclasses
import random
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Checkup, Outcome, Status
from privacyguard.model.finding import Finding, FindingKind, Mark, MarkKind, finding_key
from privacyguard.model.guard import GuardState, News, NewsKind, Presence, SourceRecord
from privacyguard.model.letter import SentLetter
from privacyguard.model.person import (
    Consent,
    EnrolledPhoto,
    FaceTemplate,
    Identifier,
    IdentifierKind,
    Person,
    Relation,
)
from privacyguard.model.picture import Box, Closeness, FaceCut, FaceMatch, PictureCopy, SecondOpinion, SwapSign
from privacyguard.model.place import LookedAt, Place, PlaceKind
from privacyguard.model.source import Disclosure, PaceRecord
from privacyguard.model.statement import SearchConsent
from privacyguard.model.webpage import PageContent, SeenPage, SeenPicture
from privacyguard.vault.keystore import KeyStore
from privacyguard.vault.pages import SitePages
from privacyguard.vault.vault import Vault

NOW = datetime(2026, 3, 1, 12, 30, 15, 250, UTC)
ADDRESS = Identifier(IdentifierKind.EMAIL, "zyxw.canary@example.org")
PACED = "pace.zyxw-canary.example"
PACED_AT = struct.pack("<2q", *(1_772_368_215_000_250 - 1_000_000 * seconds for seconds in (3, 1)))
"""How the vault keeps three and one seconds before :data:`NOW`."""


def clock() -> datetime:
    """The time of every sample."""
    return NOW


def open_vault(home: Path, keys: KeyStore) -> Vault:
    """The vault of ``home`` at the samples' time."""
    return Vault.open(home, keys, clock=clock)


def embedding(seed: int) -> tuple[float, ...]:
    """128 numbers of unit length, exact as float32."""
    numbers = [random.Random(f"{seed}.{place}").gauss(0, 1) for place in range(128)]
    length = sum(number * number for number in numbers) ** 0.5
    packed = struct.pack("<128f", *(number / length for number in numbers))
    return struct.unpack("<128f", packed)


def cut(seed: int, side: int = 40) -> FaceCut:
    """A cut of pixels by chance."""
    return FaceCut(side, side, random.Random(seed).randbytes(side * side * 3))


def photo(seed: int) -> EnrolledPhoto:
    """What is kept of one photo."""
    second = SecondOpinion(embedding(seed + 1000), embedding(seed + 2000))
    variants = random.Random(f"variants {seed}").randbytes(3000)
    return EnrolledPhoto(embedding(seed), cut(seed), f"{seed:016x}", f"{seed:064x}", second, variants)


def template(*seeds: int) -> FaceTemplate:
    """A face pattern of one photo for each seed."""
    return FaceTemplate(tuple(photo(seed) for seed in seeds), "sface-2021dec-int8bq", NOW)


def breach(**changes: object) -> Breach:
    """A leak."""
    values: dict[str, object] = {
        "name": "ZyxwCanaryClub",
        "title": "Zyxw Canary Club",
        "domain": "zyxw-canary-club.example",
        "occurred_on": date(2019, 5, 1),
        "added_on": date(2020, 1, 2),
        "data_classes": ("Email addresses", "Passwords", "Photos"),
    }
    return Breach(**(values | changes))  # type: ignore[arg-type]


def face_match(seed: int = 7, **changes: object) -> FaceMatch:
    """A face on this computer."""
    values: dict[str, object] = {
        "picture": "/home/zyxwuser/Pictures/canary-beach-7.jpg",
        "page": "https://zyxw-canary-page.example/album",
        "box": Box(10, 20, 110, 120),
        "similarity": 0.625,
        "closeness": Closeness.A_LOT,
        "model_id": "sface-2021dec-int8bq",
        "sha256": f"{seed:064x}",
        "phash": f"{seed:016x}",
        "title": "Zyxw canary album of the club",
        "on_this_computer": True,
        "cut": cut(seed),
        "copy_distance": 3,
        "time_s": 12.5,
        "swap": SwapSign.OTHER_SCENE,
        "size": (1280, 720),
    }
    return FaceMatch(**(values | changes))  # type: ignore[arg-type]


def picture_copy(**changes: object) -> PictureCopy:
    """The same picture elsewhere."""
    values: dict[str, object] = {
        "picture": "https://zyxw-canary-copies.example/p/1.jpg",
        "page": "https://zyxw-canary-copies.example/p",
        "distance": 2,
        "sha256": "c" * 64,
        "title": "Zyxw canary copy page",
        "swap": SwapSign.OTHER_FACE,
    }
    return PictureCopy(**(values | changes))  # type: ignore[arg-type]


def finding(person_id: str, evidence: Breach | FaceMatch | PictureCopy, source: str = "hibp") -> Finding:
    """A finding of this evidence, seen now."""
    kinds = {Breach: FindingKind.BREACH, FaceMatch: FindingKind.FACE, PictureCopy: FindingKind.COPY}
    kind = kinds[type(evidence)]
    about = evidence.key if isinstance(evidence, Breach) else (evidence.page or "")
    subjects = (ADDRESS,) if isinstance(evidence, Breach) else ()
    return Finding(finding_key(kind, person_id, about), kind, person_id, (source,), NOW, NOW, evidence, subjects)


def outcome(source: str = "hibp", *keys: str) -> Outcome:
    """A source's part that went well."""
    return Outcome(source, Status.CHECKED, keys, seen=len(keys))


def disclosure(number: int = 0) -> Disclosure:
    """A request."""
    at = NOW + timedelta(seconds=number)
    return Disclosure(at, "api.zyxw-canary.example", "hibp", "your e-mail address", "looking for leaks", 300 + number)


def letter(person_id: str, **changes: object) -> SentLetter:
    """A letter without an answer."""
    values: dict[str, object] = {
        "letter_id": "f" * 16,
        "person_id": person_id,
        "recipient": "Zyxw Canary Gym, 7 Canary Street",
        "kind": "ask-what-you-hold",
        "sent_on": date(2026, 3, 1),
        "due_on": date(2026, 4, 1),
    }
    return SentLetter(**(values | changes))  # type: ignore[arg-type]


def seen_page(**changes: object) -> SeenPage:
    """A page of a named site."""
    content = PageContent(
        "Zyxw canary team", ("https://zyxw-canary-club.example/zyxw-face-canary.jpg",), may_follow=True
    )
    values: dict[str, object] = {
        "address": "https://zyxw-canary-club.example/zyxw-seen-canary",
        "landed": "https://zyxw-canary-club.example/zyxw-landed-canary",
        "etag": '"zyxw-page-etag"',
        "modified": "Sun, 01 Mar 2026 12:00:00 GMT",
        "sha256": "9a6e" * 16,
        "content": content,
        "seen_at": NOW,
    }
    return SeenPage(**(values | changes))  # type: ignore[arg-type]


def seen_picture(**changes: object) -> SeenPicture:
    """A picture of a named site that was looked at."""
    values: dict[str, object] = {
        "address": "https://zyxw-canary-club.example/zyxw-looked-canary.jpg",
        "etag": '"zyxw-picture-etag"',
        "modified": None,
        "sha256": "91c7" * 16,
        "template_id": "t",
        "finding": None,
        "unreadable": None,
        "seen_at": NOW,
    }
    return SeenPicture(**(values | changes))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Filled:
    """What :func:`fill` put into a vault."""

    person: Person
    findings: tuple[Finding, ...]
    places: tuple[Place, ...]
    looked_at: LookedAt
    checkup: Checkup
    disclosure: Disclosure
    letter: SentLetter

    @property
    def canaries(self) -> dict[str, str | bytes | tuple[float, ...]]:
        """Every value that must not be found outside the encrypted file."""
        assert self.person.template is not None
        match = next(one.evidence for one in self.findings if isinstance(one.evidence, FaceMatch))
        leak = next(one.evidence for one in self.findings if isinstance(one.evidence, Breach))
        assert match.cut is not None
        return {
            "name": self.person.name,
            **{f"identifier {number}": one.value for number, one in enumerate(self.person.identifiers)},
            **{f"embedding {number}": one for number, one in enumerate(self.person.template.embeddings)},
            "enrolled cut": self.person.template.photos[0].cut.rgb,
            "enrolled hash": self.person.template.photos[1].sha256,
            "enrolled copies": self.person.template.photos[0].copy_variants,
            **{f"second opinion {number}": one for number, one in enumerate(self._second_opinions())},
            "cut": match.cut.rgb,
            "picture": match.picture,
            "page": match.page or "",
            "title": match.title or "",
            "leak": leak.name,
            "leak's site": leak.domain,
            **{f"place {number}": place.value for number, place in enumerate(self.places)},
            "looked at": self.looked_at.path,
            "looked at scene": self.looked_at.scene or "",
            "seen page": seen_page().address,
            "seen page's place": seen_page().landed,
            "seen page's state": "zyxw-page-etag",
            "seen picture": seen_picture().address,
            "seen picture's state": "zyxw-picture-etag",
            "asked": self.disclosure.host,
            "problem": self.checkup.outcomes[0].problem or "",
            "kept": "zyxw-kept-canary",
            "flag": "zyxw-flag-canary",
            "recipient": self.letter.recipient,
            "leak's name": "zyxwcanaryclub",
            "grown": "Zyxw grown canary",
            "paced": PACED,
            "paced at": PACED_AT,
        }

    def _second_opinions(self) -> list[tuple[float, ...]]:
        assert self.person.template is not None
        seconds = [photo.second for photo in self.person.template.photos if photo.second is not None]
        return [one for second in seconds for one in (second.mirrored, second.other_model)]


def fill(vault: Vault) -> Filled:
    """Put one of everything into an empty vault."""
    person_id = vault.add_person("Zyxwanda Canarysdóttir", Relation.ME, True).person_id
    for kind, value in (
        (IdentifierKind.EMAIL, "zyxw.canary@example.org"),
        (IdentifierKind.USERNAME, "zyxwcanary77"),
        (IdentifierKind.PHONE, "+49 30 901820773"),
    ):
        vault.add_identifier(person_id, Identifier(kind, value))
    vault.save_consent(person_id, Consent(True, True, "2026-02", NOW, Relation.ME))
    vault.save_template(person_id, template(1, 2))
    vault.save_statement(person_id, NOW)
    vault.note_search(SearchConsent(person_id, "facecheck", "2026-02", NOW))
    found = [finding(person_id, one) for one in (breach(), face_match(), picture_copy())]
    seen = LookedAt("/home/zyxwuser/Pictures/Ferien ü/looked-at-canary.jpg", 5, 6, "t", 2, 1, found[1].key)
    seen = dataclasses.replace(seen, sha256="5eed" * 16, scene="5cefe" * 8)
    vault.save_outcome(person_id, outcome(), found, [seen])
    seen_pages = SitePages.of(vault, person_id, seen_picture().template_id)
    seen_pages.begin("zyxw-canary-club.example", NOW)
    seen_pages.keep_page(seen_page())
    seen_pages.keep_picture(seen_picture(finding=found[1].key))
    vault.rounds.open(person_id, "hibp", (ADDRESS,), NOW)
    vault.save_asked(person_id, "hibp", ADDRESS, found[:1])
    vault.mark(found[0].key, Mark(MarkKind.DONE))
    grown = finding(person_id, breach(data_classes=("Zyxw grown canary",)))
    vault.save_asked(person_id, "hibp", ADDRESS, [grown])
    places = (
        Place(PlaceKind.FOLDER, "/home/zyxwuser/Pictures/place-canary"),
        Place(PlaceKind.URL, "https://zyxw-canary-club.example/team"),
    )
    for place in places:
        vault.add_place(place)
    part = Outcome("hibp", Status.FAILED, (found[0].key,), "Zyxw problem canary", "try again", 3, 1)
    checkup = Checkup(NOW, NOW + timedelta(minutes=2), (part,), person_id, (found[0].key,), True)
    vault.save_checkup(checkup)
    vault.record(disclosure())
    vault.save("catalogue", b"zyxw-kept-canary")
    vault.set_flag("flag", "zyxw-flag-canary")
    vault.save_letter(letter(person_id))
    vault.pace.save(PACED, PaceRecord((NOW - timedelta(seconds=3), NOW - timedelta(seconds=1)), NOW))
    vault.guard.change(lambda state: GuardState(is_on=True, due_at=NOW, last_end_at=NOW))
    news = News(NewsKind.NEW, person_id, found[1].key, NOW)
    presence = {one.key: Presence(2, NOW) for one in found[2:]}
    vault.guard.note(person_id, {"hibp": SourceRecord(NOW, None, 1, NOW)}, presence, [news])
    return Filled(vault.person(person_id), vault.findings(), places, seen, checkup, disclosure(), letter(person_id))
