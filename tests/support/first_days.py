"""One person's first days with every command, in a session whose whole HOME can be searched (threat model, T1).

A person with an odd name, address, folder, file name and codes does everything once: accounts by hand and from an export with
passwords, a site and a search server named, two checkups over every source, searches with a photo, pictures brought back and
cleaned, an archive asked, passwords tested, letters written and noted. Every value exists nowhere else.
"""

import csv
import hashlib
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from PIL import ExifTags, Image

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.model.statement import SENTENCE
from tests.conftest import Portraits
from tests.support import canaries
from tests.support.background_home import switch_on
from tests.support.commands import CommandLine, Done
from tests.support.fakes.facecheck import FACECHECK_KEY
from tests.support.fakes.named_site import NamedSite
from tests.support.fakes.profiles import Accounts
from tests.support.fakes.searches import SEARCH_KEYS, brave_result, lens_entry, searxng_result, tineye_match
from tests.support.keyring_session import keyring_session
from tests.support.saved_pages import Result, single_file
from tests.support.services import HIBP_KEY, PRO_PLAN, VISION_KEY, Scenario, Services

SAMPLE_S = 0.02
ALL = ("hibp", "xposedornot", "leakcheck", "passwords", "gravatar", "google-vision")
"""Switched on by command."""

ON_BEFORE = (
    *("pages", "libravatar", "github", "bluesky", "mastodon", "keybase", "brave", "searxng"),
    *("serpapi-lens", "tineye", "facecheck", "wayback", "whatsmyname"),
)
"""Switched on in the settings."""

CODES = {**SEARCH_KEYS, "facecheck": FACECHECK_KEY}
SENT_TO = ("serpapi-lens", "tineye", "facecheck")

_KEY = """
import sys
from pathlib import Path
from privacyguard.vault.keystore import SystemKeyStore, home_id
print(SystemKeyStore(home_id(Path(sys.argv[1]))).load("vault-key-1"), end="")
"""

_LETTER = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from privacyguard.model.letter import SentLetter
from privacyguard.vault.keystore import SystemKeyStore, home_id
from privacyguard.vault.vault import Vault
home = Path(sys.argv[1])
with Vault.open(home, SystemKeyStore(home_id(home)), clock=lambda: datetime.now(UTC)) as vault:
    sent = date(2026, 1, 2), date(2026, 2, 2)
    vault.save_letter(SentLetter("e" * 16, vault.people()[0].person_id, sys.stdin.readline().strip(), "delete", *sent))
"""
"""What the window does when the person says that a letter was sent."""

NOWHERE = (
    *("export user", "export note", "export password", "second export password", "typed password"),
    *("recipient", "code", "second code", "vault key", "camera", "serial number"),
    *(f"code of {source_id}" for source_id in CODES),
)
"""Values that are in no table of the vault either."""

KEPT = (
    *("name", "address", "username", "service", "organisation", "export site", "export name", "kept recipient"),
    *("profile name", "name at a server", "server", "site", "site page", "page", "face page"),
)
"""Values that the vault is there for."""


@dataclass
class Flow:
    """One person's way through the commands. ``said``: everything on standard error, and what doctor says.

    ``papers``: where the person keeps the export, a photo and a saved page, and saves a letter and a cleaned copy; not among
    the places that are searched.
    """

    privacyguard: CommandLine
    services: Services
    pictures: Path
    papers: Path
    values: Mapping[str, str]
    said: list[str] = field(default_factory=list)

    @property
    def places(self) -> list[Path]:
        """Where a program of the person's may leave something."""
        session = self.privacyguard.session
        return [session.home, session.runtime, Path(self.privacyguard.extra["TMPDIR"])]

    def run(self, *arguments: str | Path, typed: str | None = None, status: int = 0) -> Done:
        """A command that ends as expected."""
        done = self.privacyguard(*arguments, typed=typed, timeout_s=240)
        assert done.status == status, done.err
        self.said.append(done.err)
        return done

    def everything(self, portrait: Path) -> None:
        """Every command of a first day; what is personal goes in by standard input."""
        values = self.values
        self.run("enrol", "--consent", portrait)
        self.run("statement", typed=SENTENCE)
        self.run("account", "add", "-", typed=values["address"])
        for kind in ("username", "service", "organisation", "name"):
            self.run("account", "add", "--kind", kind, "-", typed=values[kind])
        names = f"{values['profile name']}\n{values['name at a server']}"
        self.run("account", "add", "--kind", "username", "-", typed=names)
        self.run("place", "add", "-", typed=f"{self.pictures}\n{values['site page']}")
        self.run("source", "base", "searxng", "-", "--yes", typed=values["server"])
        self.run("key", "set", "hibp", typed=values["code"])
        self.run("key", "set", "google-vision", typed=values["second code"])
        for source in CODES:
            self.run("key", "set", source, typed=values[f"code of {source}"])
        self.run("key", "test", "hibp")
        for source in ALL:
            self.run("source", "on", source)
        first = self.run("check", "--json").json
        assert {
            each["status"]
            for each in first["outcomes"]
            if each["source"] in ON_BEFORE and each["source"] not in SENT_TO
        } == {"checked"}
        assert len(first["new"]) >= 4
        self.run("check", "--source", "google-vision")
        key = self.run("findings", "--json").json[0]["key"]
        self.run("mark", key, "later")
        self.leaks()
        self.searches()
        for command in ("findings", "advice", "disclosures", "sources"):
            self.run(command)
        self.said.append(self.run("doctor", "--json").out)
        self.run("--self-test")

    def leaks(self) -> None:
        """An import, the regular check (by prefix), passwords tested both ways, a letter written, and one noted as sent."""
        values = self.values
        assert len(self.run("account", "import", self.export, "--json").json) == 2
        self.services.scenario.plan = dict(PRO_PLAN)
        self.run("key", "test", "hibp")
        switch_on(self.privacyguard)
        outcomes = self.run("background", "--once", "--json").json["outcomes"]
        assert {"hibp", "leakcheck", "xposedornot", "catalogue"} <= {
            each["source"] for each in outcomes if each["status"] == "checked"
        }
        typed = self.run("password", "test", "--json", typed=f"{values['typed password']}\n").json
        assert [each["times"] for each in typed] == [5]
        in_file = self.run("password", "test", "--export", self.export, "--json").json
        assert sorted(each["times"] for each in in_file) == [0, 3]
        self.run("letter", "delete", "--to", "-", "--out", self.letter, typed=f"{values['recipient']}\n")
        command: list[str | Path] = [sys.executable, "-c", _LETTER, self.privacyguard.folder]
        typed, extra = f"{values['kept recipient']}\n", self.privacyguard.environment
        done = self.privacyguard.session.run(command, input=typed, extra=extra)
        assert done.returncode == 0, done.stderr

    def searches(self) -> None:
        """Photos sent to whom they may be, pictures brought back, a photo cleaned, an archive asked."""
        named = [word for source in SENT_TO for word in ("--source", source)]
        done = self.run("check", *named, "--agree-face-search", "--photo", self.photo, "--json")
        asked = {each["source"] for each in done.json["outcomes"] if each["status"] == "checked"}
        assert asked == set(SENT_TO)
        seen = self.run("look", self.saved, "--json").lines + self.run("look", self.photo, "--own", "--json").lines
        assert [len(each["matches"]) for each in seen] == [1, 1]
        assert self.run("clean", self.photo, "--out", self.cleaned, "--json").json["removed"]
        found = self.run("findings", "--json").json
        key = next(each["key"] for each in found if "facecheck" in each["sources"])
        assert [each["address"] for each in self.run("archived", key, "--json").json] == [self.values["face page"]]

    @property
    def photo(self) -> Path:
        """A photo of the person alone, as a camera wrote it."""
        return self.papers / "photo.jpg"

    @property
    def cleaned(self) -> Path:
        """The copy of it without what was hidden."""
        return self.papers / "cleaned.jpg"

    @property
    def saved(self) -> Path:
        """A page of results that the person saved."""
        return self.papers / "results.html"

    @property
    def export(self) -> Path:
        """What a password manager wrote: two entries, one of them without an address."""
        return self.papers / "export.csv"

    @property
    def letter(self) -> Path:
        """The letter that was saved."""
        return self.papers / "letter.txt"

    def write_export(self) -> None:
        """Write :attr:`export` as Bitwarden does."""
        values = self.values
        user, note = values["export user"], values["export note"]
        with self.export.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(
                "folder favorite type name notes fields reprompt login_uri login_username login_password".split()
            )
            site = f"https://konto.{values['export site']}/anmelden"
            rows.writerow(["", "", "login", "A shop", note, "", 0, site, user, values["export password"]])
            more = [user, values["second export password"]]
            rows.writerow(["", "", "login", values["export name"], note, "", 0, "", *more])


@contextmanager
def new_flow(free_portraits: Portraits, folder: Path) -> Iterator[Flow]:
    """A session of its own, so that its whole HOME can be searched; values that exist nowhere else."""
    token = secrets.token_hex(4)
    values = {
        "name": f"Zoë Quatermain-Çelik {token}",
        "address": f"zoe.quatermain+{token}@maelstrom.example.org",
        "username": f"zwölfzoe{token}",
        "service": f"Kegelclub Grünheide {token}",
        "organisation": f"Turnhalle am Weiher {token}",
        "profile name": f"zoe{token}",
        "name at a server": f"zoe.{token}@social-{token}.example.org",
        "site": f"turnverein-{token}.example",
        "site page": f"http://turnverein-{token}.example/mannschaft-{token}.html",
        "face page": f"https://album.example.org/foto-{token}",
        "brought page": f"https://album.example.org/mitgebracht-{token}",
        "camera": f"Kamera Wackelpudding {token}",
        "serial number": f"SN-4711-{token}-0815",
        "folder": f"Sommerfest im Garten {token}",
        "file": f"Tür Nr. 7 – {token}",
        "page": f"https://club.example/team-{token}",
        "export user": f"wölkchen.{token}@post.example.net",
        "export note": f"Antwort: Großmutters Dackel {token}",
        "export password": f'Päckchen, "rot" {token}',
        "second export password": f'Päckchen, "rot" {token} 2',
        "export site": f"pflaumenkuchen-{token}.org",
        "export name": f"Reitstall Abendrot {token}",
        "typed password": f"Blechtrommel+{token}!",
        "recipient": f"Fotostudio Südwind {token}",
        "kept recipient": f"Kletterhalle Nordgrat {token}",
        "code": HIBP_KEY,
        "second code": VISION_KEY,
        **{f"code of {source_id}": code for source_id, code in CODES.items()},
    }
    values["code of the address"] = hashlib.sha256(values["address"].encode()).hexdigest()[:24]  # for LeakCheck
    pictures, papers = folder / values["folder"], folder / "papers"
    pictures.mkdir()
    papers.mkdir()
    shutil.copy(free_portraits.astronaut, pictures / f"{values['file']}.png")
    shutil.copy(free_portraits.grace_hopper, pictures / f"{values['file']}.jpg")
    write_photo(free_portraits.astronaut, papers / "photo.jpg", values)
    shutil.copy(papers / "photo.jpg", pictures / f"{values['file']} 2.jpg")
    me, stranger = (portrait.read_bytes() for portrait in free_portraits)
    (papers / "results.html").write_bytes(single_file([Result(me, values["brought page"]), Result(stranger)]))
    scenario = scenario_of(values, me, stranger)
    with Services(scenario) as services, keyring_session() as session:
        fill_searches(services, values, me)
        temporary = session.home.parent / "tmp"
        temporary.mkdir(mode=0o700)
        privacyguard = CommandLine(session, session.home / "privacyguard", {"TMPDIR": str(temporary)})
        values["server"] = services.base_urls()["searxng"]  # named by the person, so not in the settings
        settings = services.settings_toml(on=ON_BEFORE)
        privacyguard.settings(settings.replace(f'base_url = "{values["server"]}"\n', ""))
        assert privacyguard("account", "list").status == 0
        values["vault key"] = session.run([sys.executable, "-c", _KEY, privacyguard.folder], check=True).stdout
        flow = Flow(privacyguard, services, pictures, papers, values)
        flow.write_export()
        yield flow


def write_photo(portrait: Path, photo: Path, values: Mapping[str, str]) -> None:
    """The portrait as a camera with a name and a number writes it."""
    with Image.open(portrait) as image:
        exif = Image.Exif()
        exif[ExifTags.Base.Model] = values["camera"]
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.BodySerialNumber] = values["serial number"]
        image.convert("RGB").save(photo, exif=exif)


def scenario_of(values: Mapping[str, str], me: bytes, stranger: bytes) -> Scenario:
    """What the services know: leaks, passwords, profiles with the person's picture, and the named site."""
    address, name, at_server = (values[each] for each in ("address", "profile name", "name at a server"))
    scenario = Scenario({address: ["Adobe", "ExampleGym"]}, {address: me}, {"a": me, "b": stranger})
    scenario.passwords = {values["second export password"]: 3, values["typed password"]: 5}
    shown = {"github": name, "bluesky": f"{name}.bsky.social", "mastodon": at_server, "keybase": name}
    scenario.accounts = Accounts(
        libravatars={address: me},
        names={source_id: {account: values["name"]} for source_id, account in shown.items()},
        pictures=dict.fromkeys(shown.values(), me),
    )
    pictures = {"me.jpg": me, "other.jpg": stranger}
    scenario.site = NamedSite(values["site"], pictures, values["site page"].partition(values["site"])[2])
    return scenario


def fill_searches(services: Services, values: Mapping[str, str], me: bytes) -> None:
    """What the searches know: the person and a stranger on one page, the person on a page that shows their face."""
    known, page = services.scenario.searches, values["page"]
    pictures = [services.picture_address(name) for name in ("a", "b")]
    found = [{"url": picture} for picture in pictures]
    services.scenario.vision["pagesWithMatchingImages"] = [{"url": page, "fullMatchingImages": found}]
    known.named[values["name"]] = [brave_result(picture, page) for picture in pictures]
    known.gathered[values["name"]] = [searxng_result(picture, page) for picture in pictures]
    known.lens["visual_matches"] = [lens_entry(page, image=picture) for picture in pictures]
    known.matches = [tineye_match([(picture, page) for picture in pictures])]
    services.scenario.faces.found = [(values["face page"], me)]


def needles_of(flow: Flow, free_portraits: Portraits) -> dict[str, bytes]:
    """Every form of every value, of the face patterns of the person and of the stranger, and of their face cuts.

    Without the site's host alone: the settings of the test name it, to send it to this computer.
    """
    values = {name: value for name, value in flow.values.items() if name != "site"}
    forms = canaries.needles({**values, "bytes of the vault key": bytes.fromhex(flow.values["vault key"])})
    with AnalysisPool(workers=1) as pool:
        for who, portrait in (("person", free_portraits.astronaut), ("stranger", free_portraits.grace_hopper)):
            face = pool.analyse(portrait, cuts=True).faces[0]
            assert face.embedding is not None
            assert face.cut is not None
            forms |= canaries.needles({f"face of the {who}": face.embedding, f"cut of the {who}": face.cut.rgb})
    return forms


@contextmanager
def watched(values: Mapping[str, str]) -> Iterator[set[str]]:
    """Names of the values that any process showed in its arguments or environment meanwhile."""
    seen: set[str] = set()
    stop = threading.Event()
    forms = {name: value.encode() for name, value in values.items()}
    looked_through: set[tuple[str, bytes]] = set()

    def watch() -> None:
        while not stop.wait(SAMPLE_S):
            for process in Path("/proc").glob("[0-9]*"):
                for what in ("cmdline", "environ"):
                    with suppress(OSError):
                        content = (process / what).read_bytes()
                        if (what, content) not in looked_through:
                            looked_through.add((what, content))
                            seen.update(f"{name} in {what}" for name, form in forms.items() if form in content)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


@contextmanager
def bus_record(flow: Flow, folder: Path) -> Iterator[Path]:
    """All that passes over the session's bus meanwhile, as a file."""
    record = folder / "bus"
    record.mkdir()
    with (record / "messages").open("wb") as messages:
        monitor = subprocess.Popen(
            ["dbus-monitor", "--session", "--pcap"], env=dict(flow.privacyguard.session.environment), stdout=messages
        )
        try:
            yield record
        finally:
            monitor.terminate()
            monitor.wait(20)
