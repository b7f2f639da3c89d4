"""What a person is told that left this computer is what left it: for each kind of request, its words beside what arrived.

Every request of every source stands in one table. What arrived is judged by itself: is the whole address in it, how many
signs of which fingerprint, a code, a photo.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from privacyguard.analysis.page_reader import PageReader
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup.parts import Tally
from privacyguard.checkup.pictures import Pictures
from privacyguard.checkup.run import Parts
from privacyguard.model.person import FaceTemplate, Identifier, IdentifierKind, Relation
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.sources.base import (
    ArchiveSource,
    BreachSource,
    KeyTester,
    PasswordSource,
    PictureQuery,
    PictureSource,
    Source,
)
from privacyguard.sources.breaches.passwords import sha1_of
from privacyguard.sources.catalogue import sources
from privacyguard.vault.vault import Vault
from tests.support.fakes.facecheck import FACECHECK_KEY
from tests.support.fakes.named_site import SITE_HOST, NamedSite
from tests.support.fakes.searches import SEARCH_KEYS, form_in
from tests.support.keystores import MemoryKeyStore
from tests.support.servers import Seen
from tests.support.services import HIBP_KEY, HIBP_TEST_KEY, PRO_PLAN, TEST_DOMAIN, VISION_KEY, Scenario, Services

MAIL = "jane.o'hara+gym@mail.example.org"
TEST_MAIL = f"account-exists@{TEST_DOMAIN}"
PASSWORD = "correct horse, Größe 9"
FOUND_PAGE = "https://club.example.org/team?who=j%20d"
SITE = f"http://{SITE_HOST}/team.html"
PHOTO = b"\xff\xd8\xff made for this test"
USER_NAME = "zq4711x"
FULL_NAME = "Zoë O'Hara-Canary"
SERVICE, ORGANISATION = "gym.example.org", "Example Club of Somewhere"
KEYS = {"hibp": HIBP_KEY, "google-vision": VISION_KEY, "facecheck": FACECHECK_KEY, **SEARCH_KEYS}

LONGEST = 64  # signs of a SHA-256


@dataclass(frozen=True)
class Sent:
    """What stands in a request. ``address_signs``, ``password_signs``: the most signs of a fingerprint of it in a row."""

    address: bool = False
    address_signs: int = 0
    code: bool = False
    photo: bool = False
    password: bool = False
    password_signs: int = 0
    named: bool = False
    page: bool = False
    name: bool = False
    user_name: bool = False


ADDRESS_AND_CODE = Sent(address=True, code=True)
NOTHING = Sent()

WORDS: Mapping[str, Sent] = {
    "nothing personal": NOTHING,
    "your code": Sent(code=True),
    "your full e-mail address": Sent(address=True),
    "your full e-mail address and your code": ADDRESS_AND_CODE,
    "6 of the 40 signs of a fingerprint of your e-mail address, and your code": Sent(address_signs=6, code=True),
    "a fingerprint of your e-mail address": Sent(address_signs=24),
    "a code made from your e-mail address": Sent(address_signs=64),
    "your user name": Sent(user_name=True),
    "the first 5 of the 40 signs of a fingerprint of a password": Sent(password_signs=5),
    "a photo that you chose, and your code": Sent(photo=True, code=True),
    "the address of a picture": NOTHING,
    "your name": Sent(name=True),
    "your name and your code": Sent(name=True, code=True),
    "the address of a page or picture that was found": Sent(page=True),
    "the address of a page": NOTHING,  # of one that the person named
}
"""All words for what leaves, and what they mean."""


@dataclass(frozen=True)
class Way:
    """One way of asking a source. ``told``: the words of each of its requests, in order."""

    name: str
    source_id: str
    told: tuple[str, ...]
    address: str = MAIL
    plan: Mapping[str, object] = field(default_factory=dict)
    key: str = ""


FOUND, PAGE = "the address of a page or picture that was found", "the address of a page"
LIST, FULL = "nothing personal", "your full e-mail address and your code"
PREFIX = "6 of the 40 signs of a fingerprint of your e-mail address, and your code"
WAYS = [
    Way("catalogue", "catalogue", (LIST,)),
    Way("hibp, a small plan", "hibp", ("your code", FULL, FULL)),
    Way("hibp, a big plan", "hibp", ("your code", PREFIX, LIST), plan=PRO_PLAN),
    Way("hibp, an account for tests", "hibp", ("your code", FULL, FULL), address=TEST_MAIL, key=HIBP_TEST_KEY),
    Way("hibp, the code is tested", "hibp", ("your code",)),
    Way("xposedornot", "xposedornot", ("your full e-mail address",)),
    Way("leakcheck", "leakcheck", ("a fingerprint of your e-mail address",)),
    Way("passwords", "passwords", ("the first 5 of the 40 signs of a fingerprint of a password",)),
    Way("gravatar", "gravatar", ("a code made from your e-mail address",) * 2),
    Way("libravatar", "libravatar", ("a code made from your e-mail address",)),
    *(Way(name, name, ("your user name",)) for name in ("github", "bluesky", "mastodon", "keybase")),
    Way("whatsmyname", "whatsmyname", (LIST, "your user name", "your user name")),
    Way("google-vision", "google-vision", ("a photo that you chose, and your code", "the address of a picture")),
    Way("brave", "brave", ("your name and your code",)),
    Way("searxng", "searxng", ("your name",)),
    Way("serpapi-lens", "serpapi-lens", ("your code", "a photo that you chose, and your code", *["your code"] * 2)),
    Way("serpapi-lens, the code is tested", "serpapi-lens", ("your code",)),
    Way("tineye", "tineye", ("your code", "a photo that you chose, and your code")),
    Way("tineye, the code is tested", "tineye", ("your code",)),
    Way("facecheck", "facecheck", ("your code", "a photo that you chose, and your code", *["your code"] * 2)),
    Way("facecheck, the code is tested", "facecheck", ("your code",)),
    Way("wayback", "wayback", (FOUND, FOUND)),
    Way("pages", "pages", (PAGE, PAGE, "the address of a picture", PAGE)),
]


def signs(value: str, sent: str) -> int:
    """How many signs of a fingerprint of the value stand in a row in what was sent, from its beginning; 0 below five."""
    codes = [hashlib.new(name, value.encode()).hexdigest() for name in ("md5", "sha1", "sha256")]
    runs = (size for code in codes for size in range(len(code), 4, -1) if code[:size] in sent)
    return max(runs, default=0)


def photo_in(seen: Seen) -> bytes:
    """What stands in a body that may hold a photo, decoded."""
    if seen.headers.get("content-type", "").startswith("multipart/"):
        return b"".join(form_in(seen).values())
    asked = json.loads(seen.body)
    return base64.b64decode(asked["requests"][0]["image"]["content"]) if "requests" in asked else b""


def sent_in(seen: Seen, address: str) -> Sent:
    """What stands in a request, in whatever form."""
    body = photo_in(seen) if seen.body else b""
    decoded = unquote_to_bytes(seen.path.replace("+", "%2B")).decode("utf-8", "replace")
    text = f"{decoded}\n{seen.path}\n{seen.headers}\n{seen.body.decode('latin-1')}".lower()
    return Sent(
        address=address.lower() in text,
        address_signs=signs(address.lower(), text),
        code=any(key.lower() in text for key in (HIBP_TEST_KEY, *KEYS.values())),
        photo=PHOTO in body,
        password=PASSWORD.lower() in text,
        password_signs=signs(PASSWORD, text),
        named=any(part in text for part in ("gym.example", "example club", "example+club", "example%20club", "jane ")),
        name=any(form in text for form in (FULL_NAME.lower(), FULL_NAME.lower().replace(" ", "+"))),
        user_name=USER_NAME in text,
        page=FOUND_PAGE in unquote_to_bytes(seen.path).decode("utf-8", "replace"),
    )


class Bench:
    """Every source over its service, asked as the program does."""

    def __init__(self, services: Services, home: Path) -> None:
        self.services = services
        self.recorded: list[Disclosure] = []
        self.vault = Vault.open(home, MemoryKeyStore(), clock=_now)
        settings = NetSettings("PrivacyGuard/test", services.base_urls(), services.resolve())
        self.network = Network(self.recorded.append, settings)
        self.sources = {source.info.id: source for source in sources(services.base_urls(), self.vault)}

    def ask(self, way: Way) -> None:
        source = self.sources[way.source_id]
        gateway = self.network.bind(source.info, CancelToken(), way.key or KEYS.get(way.source_id), self.sites(source))
        if way.name.endswith("tested"):
            assert isinstance(source, KeyTester)
            source.test_key(gateway)
        elif isinstance(source, BreachSource):
            for identifier in self._identifiers(source, way.address):
                list(source.check(identifier, gateway))
        elif isinstance(source, PasswordSource):
            source.times(sha1_of(PASSWORD), gateway)
        elif isinstance(source, ArchiveSource):
            source.copies(FOUND_PAGE, gateway)
        else:
            self._look(source, way.address)

    def sites(self, source: Source) -> tuple[str, ...]:
        """The page that the person named, for a source that asks such pages alone."""
        return (SITE,) if source.info.named_sites and not source.info.accepts else ()

    def _identifiers(self, source: Source, address: str) -> list[Identifier]:
        named = (
            Identifier(IdentifierKind.EMAIL, address),
            Identifier(IdentifierKind.SERVICE, SERVICE),
            Identifier(IdentifierKind.ORGANISATION, ORGANISATION),
            Identifier(IdentifierKind.NAME, FULL_NAME),
            Identifier(
                IdentifierKind.USERNAME,
                f"{USER_NAME}@social.example.org" if source.info.id == "mastodon" else USER_NAME,
            ),
        )
        return [one for one in named if one.kind in source.info.accepts]

    def _look(self, source: PictureSource, address: str) -> None:
        """As a checkup does: what the source names is fetched."""
        person = self.vault.add_person("Jane Doe", Relation.ME, True)
        self.vault.save_template(person.person_id, FaceTemplate((), "a model", datetime.now(UTC)))
        person = self.vault.person(person.person_id)
        sites = self.sites(source)
        gateway = self.network.bind(source.info, CancelToken(), KEYS.get(source.info.id), sites)
        with AnalysisPool(workers=1) as pool, closing(PageReader()) as reader:
            parts = Parts(self.vault, tuple(self.sources.values()), self.network, pool, _now, KEYS.get, reader)
            pictures = Pictures(parts, person, source, Tally(), CancelToken())
            query = PictureQuery(tuple(self._identifiers(source, address)), (), (PHOTO,), sites)
            list(pictures.on_sites(query, gateway) if sites else pictures.elsewhere(query, gateway))


def _now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    scenario = Scenario(leaks={MAIL: ["ExampleGym"]}, passwords={PASSWORD: 7}, pictures={"a": PHOTO})
    scenario.site = NamedSite(pictures={"me.jpg": PHOTO})
    with Services(scenario) as services:
        scenario.vision["fullMatchingImages"] = [{"url": services.picture_address("a")}]
        made = Bench(services, tmp_path / "home")
        yield made
        made.vault.close()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_the_words_say_what_the_service_saw(bench: Bench, way: Way) -> None:
    bench.services.scenario.plan |= way.plan
    bench.ask(way)
    assert tuple(each.what for each in bench.recorded) == way.told
    arrived = [sent_in(seen, way.address) for seen in bench.services.requests]
    assert arrived == [WORDS[each] for each in way.told]
    assert [each.bytes for each in bench.recorded] == [seen.size for seen in bench.services.requests]


def test_the_table_has_every_source_that_asks_somebody(bench: Bench) -> None:
    cards = {source_id: source.info for source_id, source in bench.sources.items()}
    outside = {source_id for source_id, card in cards.items() if card.hosts or card.own_server or card.named_sites}
    assert {way.source_id for way in WAYS} == outside
    assert {words for way in WAYS for words in way.told} == set(WORDS)


def test_every_word_in_the_code_stands_in_the_table() -> None:
    root = Path(__file__).resolve().parents[2] / "privacyguard"
    code = "\n".join(
        file.read_text("utf-8") for folder in ("sources", "checkup") for file in root.glob(f"{folder}/**/*.py")
    )
    found = re.findall(r'(?:what=|\bWHAT = |\bwhat, purpose = )N_\(\s*"([^"]*)"\s*\)', code)
    assert len(re.findall(r"\bwhat=(?!what\b|WHAT\b)|\bWHAT = |\bwhat, purpose = ", code)) == len(found)
    assert set(found) == set(WORDS)


@pytest.mark.parametrize(
    ("source_id", "parts"),
    [
        ("catalogue", ("nothing personal",)),
        (
            "hibp",
            ("your full e-mail address", "your code", "6 of the 40 signs of its fingerprint", "no look at public"),
        ),
        ("xposedornot", ("your full e-mail address",)),
        ("leakcheck", ("a fingerprint of your e-mail address", "can guess yours from it")),
        ("passwords", ("the first 5 of the 40 signs of a fingerprint of a password", "never the password")),
        ("gravatar", ("a code made from your e-mail address", "can guess yours from it")),
        ("libravatar", ("a code made from your e-mail address", "can guess yours from it")),
        ("github", ("your user name",)),
        ("bluesky", ("your user name",)),
        ("mastodon", ("your user name, to the server that it tells",)),
        ("keybase", ("your user name",)),
        ("whatsmyname", ("your user name, to each site", "each also sees your internet address", "from GitHub")),
        ("google-vision", ("a photo that you choose", "your code")),
        ("brave", ("your name", "your code")),
        ("searxng", ("your name", "asks other search engines")),
        ("serpapi-lens", ("a photo that you choose", "your code", "hands the photo on to Google")),
        ("tineye", ("a photo that you choose", "your code")),
        ("facecheck", ("a photo that you choose", "your code", "measures your face")),
        ("wayback", ("the address of the page or picture",)),
        ("pages", ("the address of the page", "can see your internet address", "that PrivacyGuard asked")),
    ],
)
def test_the_card_promises_no_less_than_what_leaves(bench: Bench, source_id: str, parts: tuple[str, ...]) -> None:
    card = bench.sources[source_id].info.discloses
    assert [part for part in parts if part not in card] == []
    may_send = [WORDS[words] for way in WAYS if way.source_id == source_id for words in way.told]
    assert ("full e-mail address" in card) == any(sent.address for sent in may_send)
    assert ("your code" in card) == any(sent.code for sent in may_send)
    assert ("photo" in card) == any(sent.photo for sent in may_send)
    assert ("your name" in card) == any(sent.name for sent in may_send)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"/x/{MAIL.replace('@', '%40').upper()}", Sent(address=True)),
        (f"/x?a={hashlib.md5(MAIL.encode()).hexdigest()}", Sent(address_signs=32)),
        (f"/x?a={hashlib.sha1(MAIL.encode()).hexdigest()[:7].upper()}", Sent(address_signs=7)),
        (f"/x?a={hashlib.sha256(PASSWORD.encode()).hexdigest()}", Sent(password_signs=LONGEST)),
        (f"/x?key={HIBP_KEY}", Sent(code=True)),
        ("/x?q=Example+Club", Sent(named=True)),
        ("/x?q=Zo%C3%AB+O%27Hara-Canary", Sent(name=True)),
        ("/x?q=Zo%C3%AB%20O'Hara-Canary", Sent(name=True)),
    ],
)
def test_what_should_not_be_there_would_be_seen(path: str, expected: Sent) -> None:
    assert sent_in(Seen("GET", "host", path, {}, b""), MAIL) == expected
