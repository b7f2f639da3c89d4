"""A whole checkup in a network namespace that holds nothing but the services, and what went over its wire. Run as a program:

    unshare -rnm python -m tests.support.fakes.small_internet FOLDER

Every host of every source gets a public number, a certificate and its service behind port 443; a name server knows them. The
program runs as a person runs it; nothing of it is changed but the list of authorities. What each command did is printed as
JSON. ``FOLDER``: for everything that is made.
"""

import dataclasses
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from privacyguard.model.statement import SENTENCE
from privacyguard.sources.catalogue import sources
from tests.support.certificates import Authority
from tests.support.commands import ROOT, CommandLine
from tests.support.fakes.facecheck import FACECHECK_KEY
from tests.support.fakes.named_site import NamedSite
from tests.support.fakes.profiles import PICTURE_HOSTS, Accounts
from tests.support.fakes.public_numbers import give_number
from tests.support.fakes.searches import SEARCH_KEYS, brave_result, lens_entry, searxng_result, tineye_match
from tests.support.fakes.user_name_sites import UserNameSites
from tests.support.keyring_session import keyring_session
from tests.support.servers import Answer, Seen, Server
from tests.support.services import HIBP_KEY, VISION_KEY, Scenario, Services
from tests.support.sniffing import NameServer, Sniffer

ADDRESS = "zoe.quatermain@example.org"
NAME, USER_NAME = "Zoe Quatermain", "zoeq4711"
PICTURES = "pictures.running-club.example.org"
SITE, SEARCH_SERVER, SOCIAL = "team.rowing-club.example.org", "search.example.net", "social.example.com"
"""Named by the person: a site, a search server of theirs, and the server of a user name."""

FACE_PAGE = "https://album.example.org/photo-1"
CODES = {"hibp": HIBP_KEY, "google-vision": VISION_KEY, "facecheck": FACECHECK_KEY, **SEARCH_KEYS}
SENT_TO = ("serpapi-lens", "tineye", "facecheck")
STRANGE = "strange.example.org"
"""A name and a number that no source knows: what goes there has to be seen."""

TRUST = "import certifi\ncertifi.where = lambda: {file!r}\n"


class NoCache:
    """Nothing is kept: only the cards of the sources are wanted."""

    def load(self, name: str) -> None:
        return None

    def save(self, name: str, content: bytes) -> None:
        raise AssertionError("nothing is asked, so nothing is kept")


@dataclass(frozen=True)
class Hosts:
    """``source_of``: each host to the source whose service answers for it; ``numbers``: each host to its number."""

    source_of: dict[str, str]
    numbers: dict[str, str]

    @classmethod
    def of_all_sources(cls) -> "Hosts":
        source_of = {host: each.info.id for each in sources({}, NoCache()) for host in sorted(each.info.hosts)}
        source_of |= {PICTURES: "pictures", SITE: "pages", SEARCH_SERVER: "searxng", SOCIAL: "mastodon"}
        source_of |= {
            PICTURE_HOSTS["public.api.bsky.app"]: "bluesky",
            **dict.fromkeys(UserNameSites().hosts, "whatsmyname"),
        }
        names = [*source_of, STRANGE]
        return cls(source_of, {name: f"93.184.216.{at}" for at, name in enumerate(names, 10)})


@contextmanager
def internet(folder: Path, hosts: Hosts, services: Services) -> Iterator[tuple[Authority, dict[str, Server]]]:
    """Numbers, names, and a server with TLS for each host."""
    for at, number in enumerate(hosts.numbers.values(), 1):
        give_number(number, at)
    _instead("/etc/resolv.conf", folder, "nameserver 127.0.0.1\noptions timeout:5 attempts:1\n")
    _instead("/etc/nsswitch.conf", folder, "passwd: files\ngroup: files\nhosts: files dns\n")
    _instead("/etc/hosts", folder, "127.0.0.1 localhost\n")
    authority = Authority.made(folder)
    NameServer(hosts.numbers)

    def answering(source_id: str) -> Callable[[Seen], Answer]:
        return lambda seen: services.answered(source_id, seen)

    with ExitStack() as stack:
        yield (
            authority,
            {
                host: stack.enter_context(
                    Server(answering(source_id), authority.server(host), (hosts.numbers[host], 443))
                )
                for host, source_id in hosts.source_of.items()
            },
        )


class Watched:
    """The program, each command with what it did."""

    def __init__(self, run: CommandLine, hosts: Hosts, servers: dict[str, Server]) -> None:
        self.steps: dict[str, dict[str, Any]] = {}
        self._run = run
        self._names = {number: name for name, number in hosts.numbers.items()}
        self._servers = servers
        self._sniffer = Sniffer()

    def __call__(self, *arguments: str | Path, typed: str | None = None, name: str = "") -> None:
        done = self._run(*arguments, typed=typed, timeout_s=120)
        self.note(name or " ".join(str(word) for word in arguments[:2]), done.status, done.err[-500:], done.out)

    def strange(self) -> None:
        """Something that no source knows: a look-up and a connection."""
        code = f"import socket; socket.create_connection(({STRANGE!r}, 443), 5)"
        done = self._run.session.run([sys.executable, "-c", code])
        self.note("strange", done.returncode, "", "")

    def note(self, name: str, status: int, said: str, out: str) -> None:
        traffic = self._sniffer.taken()
        seen = [(host, each.size) for host, server in self._servers.items() for each in server.requests]
        for server in self._servers.values():
            server.requests.clear()
        self.steps[name] = {
            "status": status,
            "said": said,
            "out": out,
            "opened": [(self._names.get(number, number), port) for number, port in traffic.opened],
            "looked_up": traffic.looked_up,
            "other": traffic.other,
            "seen": seen,
            "disclosed": self._newly_disclosed() if traffic.opened or traffic.looked_up or seen else [],
        }

    def all_on(self) -> None:
        """Switch on every source: the first with the command, the others in the file that it wrote."""
        first, *others = (each.info.id for each in sources({}, NoCache()))
        self("source", "on", first, name="source on")
        file = self._run.folder / "settings.toml"
        self._run.settings(file.read_text() + "".join(f"[sources.{each}]\non = true\n" for each in others))

    def disclosed(self) -> list[dict[str, Any]]:
        """What the person is told, the oldest first; to ask for it makes no traffic either."""
        found: list[dict[str, Any]] = json.loads(self._run("disclosures", "--json").out)
        assert dataclasses.asdict(self._sniffer.taken()) == {"opened": [], "looked_up": [], "other": []}
        return sorted(found, key=lambda each: str(each["at"]))

    def _newly_disclosed(self) -> list[dict[str, Any]]:
        return self.disclosed()[sum(len(step["disclosed"]) for step in self.steps.values()) :]


def main() -> None:
    """Do all of it: first without any switch, then with every source that there is."""
    folder = Path(sys.argv[1])
    hosts = Hosts.of_all_sources()
    (folder / "pictures").mkdir()
    me = Path(shutil.copy(_inside("skimage", "data/astronaut.png"), folder / "pictures"))
    stranger = _inside("matplotlib", "mpl-data/sample_data/grace_hopper.jpg")
    pictures = {"me.png": me.read_bytes(), "other.jpg": stranger.read_bytes()}
    scenario = scenario_of(pictures)
    with (
        Services(scenario) as services,
        internet(folder, hosts, services) as (authority, servers),
        keyring_session() as session,
    ):
        watched = Watched(CommandLine(session, folder / "home", _trusting(folder, authority)), hosts, servers)
        first_use(watched, me)
        everything(watched)
        watched.strange()
        watched.steps["end"] = {"disclosed": watched.disclosed()}
    print(json.dumps(watched.steps))


def scenario_of(pictures: dict[str, bytes]) -> Scenario:
    """What the services know: each finds the person, and the searches a stranger too."""
    me, page = pictures["me.png"], "https://club.example.org/"
    scenario = Scenario(leaks={ADDRESS: ["Adobe", "ExampleGym"]}, avatars={ADDRESS: me}, pictures=pictures)
    places = [f"https://{PICTURES}/{name}" for name in pictures]
    scenario.vision["pagesWithMatchingImages"] = [{"url": page, "fullMatchingImages": [{"url": at} for at in places]}]
    shown = {
        **dict.fromkeys(("github", "keybase"), USER_NAME),
        "bluesky": f"{USER_NAME}.bsky.social",
        "mastodon": f"{USER_NAME}@{SOCIAL}",
    }
    names = {source_id: {account: NAME} for source_id, account in shown.items()}
    scenario.accounts = Accounts(libravatars={ADDRESS: me}, names=names, pictures=dict.fromkeys(shown.values(), me))
    scenario.site = NamedSite(SITE, dict(pictures))
    scenario.searches.named[NAME] = [brave_result(at, page) for at in places]
    scenario.searches.gathered[NAME] = [searxng_result(at, page) for at in places]
    scenario.searches.lens["visual_matches"] = [lens_entry(page, image=at) for at in places]
    scenario.searches.matches = [tineye_match([(at, page) for at in places])]
    scenario.faces.found = [(FACE_PAGE, me)]
    return scenario


def first_use(run: Watched, photo: Path) -> None:
    """All that a person may do before they said where we may look."""
    run("sources")
    run("account", "add", "-", typed=ADDRESS)
    run("account", "add", "--kind", "service", "-", typed="gym.example.org", name="account add service")
    run("account", "add", "--kind", "name", "-", typed=NAME, name="account add name")
    names = f"{USER_NAME}\n{USER_NAME}@{SOCIAL}"
    run("account", "add", "--kind", "username", "-", typed=names, name="account add username")
    run("enrol", "--consent", photo)
    run("statement", typed=SENTENCE)
    run("place", "add", photo.parent, f"https://{SITE}/team.html")
    run("source", "base", "searxng", f"https://{SEARCH_SERVER}", "--yes")
    for source_id, code in CODES.items():
        run("key", "set", source_id, typed=code, name="key set" if source_id == "hibp" else f"key set {source_id}")
    run("look", photo, name="look")
    run("clean", photo, "--out", photo.parent.parent / "copy.png", name="clean")
    run("doctor", name="doctor")
    run("check", "--json", name="check, nothing said")
    for command in ("findings", "advice"):
        run(command, name=command)


def everything(run: Watched) -> None:
    """Every source is switched on and asked."""
    run.all_on()
    run("check", "--json", name="check")
    run("check", "--source", "google-vision", "--json", name="check google-vision")
    sent_to = [word for source_id in SENT_TO for word in ("--source", source_id)]
    run("check", *sent_to, "--agree-face-search", "--json", name="check searches")
    run("check", "--json", name="check again")
    run("password", "test", "--json", typed="Password-of-nobody-1\n", name="password test")
    run("key", "test", "hibp", name="key test")
    run("findings", "--json", name="findings at the end")
    found = json.loads(run.steps["findings at the end"]["out"])
    run("archived", next(each["key"] for each in found if "facecheck" in each["sources"]), "--json", name="archived")


def _trusting(folder: Path, authority: Authority) -> dict[str, str]:
    """The one change: the list of authorities is the test's own."""
    (folder / "python").mkdir()
    (folder / "python" / "sitecustomize.py").write_text(TRUST.format(file=str(authority.file)))
    return {"PYTHONPATH": f"{folder / 'python'}:{ROOT}"}


def _instead(file: str, folder: Path, text: str) -> None:
    """Put a file of the test's own in place of the system's, in this namespace."""
    own = folder / Path(file).name
    own.write_text(text)
    subprocess.run(["mount", "--bind", own, Path(file).resolve()], check=True)


def _inside(package: str, path: str) -> Path:
    found = importlib.util.find_spec(package)
    assert found is not None
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0], path)


if __name__ == "__main__":
    main()
