"""One person's first days with every command, in a session whose whole HOME can be searched (threat model, T1).

A person with an odd name, address, folder, file name and codes does everything once: accounts by hand and from an export with
passwords, two checkups over every source, passwords tested, letters written and noted. Every value exists nowhere else.
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

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.model.statement import SENTENCE
from tests.conftest import Portraits
from tests.support import canaries
from tests.support.commands import CommandLine, Done
from tests.support.keyring_session import keyring_session
from tests.support.services import HIBP_KEY, PRO_PLAN, VISION_KEY, Scenario, Services

SAMPLE_S = 0.02
ALL = ("hibp", "xposedornot", "leakcheck", "passwords", "gravatar", "google-vision")

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
    *("recipient", "code", "second code", "vault key"),
)
"""Values that are in no table of the vault either."""

KEPT = ("name", "address", "username", "service", "organisation", "export site", "export name", "kept recipient")
"""Values that the vault is there for."""


@dataclass
class Flow:
    """One person's way through the commands. ``said``: everything on standard error, and what doctor says.

    ``papers``: where the person keeps the export and saves a letter; not among the places that are searched.
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
        done = self.privacyguard(*arguments, typed=typed)
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
        self.run("place", "add", "-", typed=str(self.pictures))
        self.run("key", "set", "hibp", typed=values["code"])
        self.run("key", "set", "google-vision", typed=values["second code"])
        self.run("key", "test", "hibp")
        for source in ALL:
            self.run("source", "on", source)
        assert len(self.run("check", "--json").json["new"]) >= 4
        self.run("check", "--source", "google-vision")
        key = self.run("findings", "--json").json[0]["key"]
        self.run("mark", key, "later")
        self.leaks()
        for command in ("findings", "advice", "disclosures", "sources"):
            self.run(command)
        self.said.append(self.run("doctor", "--json").out)
        self.run("--self-test")

    def leaks(self) -> None:
        """An import, a checkup by prefix, passwords tested both ways, a letter written, and one noted as sent."""
        values = self.values
        assert len(self.run("account", "import", self.export, "--json").json) == 2
        self.services.scenario.plan = dict(PRO_PLAN)
        self.run("key", "test", "hibp")
        outcomes = self.run("check", "--json").json["outcomes"]
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
    }
    values["code of the address"] = hashlib.sha256(values["address"].encode()).hexdigest()[:24]  # for LeakCheck
    pictures, papers = folder / values["folder"], folder / "papers"
    pictures.mkdir()
    papers.mkdir()
    shutil.copy(free_portraits.astronaut, pictures / f"{values['file']}.png")
    shutil.copy(free_portraits.grace_hopper, pictures / f"{values['file']}.jpg")
    me, stranger = (portrait.read_bytes() for portrait in free_portraits)
    scenario = Scenario({values["address"]: ["Adobe", "ExampleGym"]}, {values["address"]: me}, {"a": me, "b": stranger})
    scenario.passwords = {values["second export password"]: 3, values["typed password"]: 5}
    with Services(scenario) as services, keyring_session() as session:
        found = [{"url": services.picture_address(name)} for name in ("a", "b")]
        scenario.vision["pagesWithMatchingImages"] = [{"url": values["page"], "fullMatchingImages": found}]
        temporary = session.home.parent / "tmp"
        temporary.mkdir(mode=0o700)
        privacyguard = CommandLine(session, session.home / "privacyguard", {"TMPDIR": str(temporary)})
        privacyguard.settings(services.settings_toml())
        assert privacyguard("account", "list").status == 0
        values["vault key"] = session.run([sys.executable, "-c", _KEY, privacyguard.folder], check=True).stdout
        flow = Flow(privacyguard, services, pictures, papers, values)
        flow.write_export()
        yield flow


def needles_of(flow: Flow, free_portraits: Portraits) -> dict[str, bytes]:
    """Every form of every value, of the face patterns of the person and of the stranger, and of their face cuts."""
    forms = canaries.needles({**flow.values, "bytes of the vault key": bytes.fromhex(flow.values["vault key"])})
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

    def watch() -> None:
        while not stop.wait(SAMPLE_S):
            for process in Path("/proc").glob("[0-9]*"):
                for what in ("cmdline", "environ"):
                    with suppress(OSError):
                        content = (process / what).read_bytes()
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
