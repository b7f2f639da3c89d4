"""What a worker gave up, told by itself before it sees a picture."""

import json
import sys
from dataclasses import dataclass
from enum import StrEnum

from privacyguard.analysis.messages import BadAnswer, parse_answer


class Network(StrEnum):
    """Whether a worker can reach the network."""

    NONE = "none"
    BEST_EFFORT = "best-effort"  # closed as far as the system lets us, or not at all


@dataclass(frozen=True)
class Confinement:
    """What is in force. ``landlock``: version of the kernel's rules over files, 0 for none; ``seccomp``: system calls are
    filtered; ``memory_bytes``: most memory it can ask for, 0 for no limit.
    """

    landlock: int
    seccomp: bool
    memory_bytes: int
    network: Network

    @property
    def holds_for_the_web(self) -> bool:
        """Whether pictures from the web may be looked at. On Linux only with filtered calls; elsewhere we do what we can."""
        return self.seccomp or sys.platform != "linux"


def ready_message(confinement: Confinement) -> bytes:
    """A worker's first message, as :func:`confinement_of` reads it."""
    told = {
        "landlock": confinement.landlock,
        "seccomp": confinement.seccomp,
        "memory_bytes": confinement.memory_bytes,
        "network": confinement.network,
    }
    return json.dumps({"ready": told}).encode()


def confinement_of(untrusted: bytes) -> Confinement:
    """What a worker's first message says.

    Raises:
        BadAnswer: another message, or one that has not the agreed form.
    """
    told = parse_answer(untrusted).get("ready")
    if not isinstance(told, dict):
        raise BadAnswer("not ready")
    landlock, seccomp, memory_bytes = (told.get(part) for part in ("landlock", "seccomp", "memory_bytes"))
    network = told.get("network")
    if type(landlock) is not int or not 0 <= landlock < 1000:
        raise BadAnswer("no version of Landlock")
    if type(memory_bytes) is not int or not 0 <= memory_bytes < 2**50:
        raise BadAnswer("no size of memory")
    if not isinstance(seccomp, bool) or not isinstance(network, str) or network not in set(Network):
        raise BadAnswer("no confinement")
    return Confinement(landlock, seccomp, memory_bytes, Network(network))
