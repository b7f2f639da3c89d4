"""The gateway on public numbers, inside a network namespace where nothing else can be reached. Run as a program:

    unshare -rn python -m tests.support.fakes.public_numbers FOLDER

It gives the loopback device a public number, serves HTTPS there, asks through the gateway with a resolver that lies, and prints
what came of it as JSON. ``FOLDER``: for certificates.
"""

import fcntl
import json
import socket
import struct
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from privacyguard.errors import SourceError
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import Disclosure, SourceInfo, Theme
from privacyguard.net.gateway import Gateway, NetSettings, Network
from privacyguard.net.transport import tls_context
from tests.support.certificates import Authority
from tests.support.servers import Answer, Seen, Server

PUBLIC = "93.184.216.34"
HOST, OTHER, PICTURES = "service.example.org", "api.example.org", "pictures.example.com"
INFO = SourceInfo(
    "tested", "Tested", Theme.PICTURES, "", frozenset(), frozenset({HOST, OTHER}), "", "", fetches_pictures=True
)
_SIOCSIFADDR, _SIOCSIFFLAGS, _IFF_UP = 0x8916, 0x8914, 0x1


def give_number(number: str, at: int = 1) -> None:
    """Bring the loopback device up, with one more number in its place ``at``. Only root of a namespace of its own may do it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))
        place = struct.pack("H2x4s8x", socket.AF_INET, socket.inet_aton(number))
        fcntl.ioctl(control, _SIOCSIFADDR, struct.pack("16s16s", f"lo:{at}".encode(), place))


class Lies:
    """A resolver with one answer for each time it is asked, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)

    def __call__(self, host: str, port: int) -> Sequence[str]:
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


class Asked:
    """A gateway whose resolver lies; ``say`` gives what a request ends with."""

    def __init__(self, authority: Authority, *answers: Sequence[str]) -> None:
        self.recorded: list[Disclosure] = []
        tls = tls_context()
        tls.load_verify_locations(authority.file)
        network = Network(self.recorded.append, NetSettings("PrivacyGuard/test"), resolver=Lies(*answers), tls=tls)
        self.gateway: Gateway = network.bind(INFO, CancelToken(), "code")

    def get(self, url: str) -> str:
        return _outcome(lambda: self.gateway.get(url, what="a", purpose="b", secret_headers={"X-Key": "code"}).body)

    def picture(self, url: str) -> str:
        return _outcome(lambda: self.gateway.picture(url, what="a", purpose="b"))


def _outcome(ask: Callable[[], bytes]) -> str:
    try:
        return ask().decode()
    except SourceError as error:
        return type(error).__name__


def _answer(seen: Seen) -> Answer:
    moved = {
        "/number": "https://10.0.0.1/",
        "/here": "https://127.0.0.1/",
        "/name": f"https://{PICTURES}/inside",
        "/sibling": f"https://{OTHER}/there",
        "/plain": f"http://{HOST}/there",
    }
    target = moved.get(seen.path)
    return Answer(302, headers={"Location": target}) if target else Answer(200, b"said", "image/png")


def main() -> None:
    """Do all of it, and print an object: the name of each trial to its outcome, and what the servers saw."""
    give_number(PUBLIC)
    authority = Authority.made(Path(sys.argv[1]))
    names = (HOST, OTHER, PICTURES)
    said: dict[str, object] = {}
    with (
        Server(_answer, authority.server(*names), (PUBLIC, 443)) as public,
        Server(lambda _: Answer(200, b"inside"), authority.server(*names), ("127.0.0.1", 443)) as inside,
    ):
        honest = Asked(authority, [PUBLIC])
        said["public"] = honest.get(f"https://{HOST}/x")
        said["mapped"] = Asked(authority, [f"::ffff:{PUBLIC}"]).get(f"https://{HOST}/x")
        said["picture"] = Asked(authority, [PUBLIC]).picture(f"https://{PICTURES}/a.png")
        said["mix"] = Asked(authority, [PUBLIC, "127.0.0.1"]).picture(f"https://{PICTURES}/mix")
        rebinding = Asked(authority, [PUBLIC], ["127.0.0.1"])
        said["rebinding"] = [
            rebinding.picture(f"https://{PICTURES}/first"),
            rebinding.picture(f"https://{PICTURES}/second"),
        ]
        for path in ("number", "here"):
            said[path] = Asked(authority, [PUBLIC]).picture(f"https://{PICTURES}/{path}")
        said["name"] = Asked(authority, [PUBLIC], ["10.0.0.1"]).picture(f"https://{HOST}/name")
        said["plain"] = Asked(authority, [PUBLIC]).get(f"https://{HOST}/plain")
        said["sibling"] = Asked(authority, [PUBLIC]).get(f"https://{HOST}/sibling")
        said["keys"] = {f"{seen.host}{seen.path}": seen.headers.get("x-key") for seen in public.requests}
        said["inside"] = len(inside.requests)
        said["recorded"] = [each.bytes for each in honest.recorded]
        said["size"] = public.requests[0].size
    print(json.dumps(said))


if __name__ == "__main__":
    main()
