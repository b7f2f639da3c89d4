"""What waiting costs: ``python -m tests.bench.background [SECONDS]`` prints JSON; ten minutes without a number.

``waiting``: ``privacyguard background`` between two checks, from when it has settled: CPU seconds, wake-ups (switches of all
its threads that were its own wish) and memory of its own. ``look``: ``background --once --when-due`` where none is due, as
the timer starts it every hour: CPU and wall seconds.
"""

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from tests.support.background_home import in_vault, switch_on
from tests.support.commands import CommandLine
from tests.support.keyring_session import keyring_session

SECONDS = 600.0
SETTLES_S = 10.0
LOOKS = 5
NOT_DUE = (
    "from dataclasses import replace; later = now + timedelta(days=3);"
    " vault.guard.change(lambda s: replace(s, due_at=later, regular_at=later))"
)


def figures(seconds: float = SECONDS) -> dict[str, object]:
    """Both, in a session with a real password store."""
    with keyring_session() as session, tempfile.TemporaryDirectory() as folder:
        home = CommandLine(session, Path(folder) / "home", {"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere/at/all"})
        assert home("account", "add", "-", typed="zoe@example.org").status == 0
        switch_on(home)
        in_vault(home, NOT_DUE)
        return {"background_waiting": _waiting(home, seconds), "background_look": _looks(home)}


def _waiting(home: CommandLine, seconds: float) -> dict[str, float]:
    running = home.start("background")
    try:
        time.sleep(SETTLES_S)
        before = cost(running.pid)
        time.sleep(seconds)
        after = cost(running.pid)
        return {
            "seconds": seconds,
            "cpu_s": round(after[0] - before[0], 3),
            "wake_ups": after[1] - before[1],
            "own_memory_mib": round(_own_memory(running.pid) / 2**20, 1),
        }
    finally:
        running.terminate()
        running.communicate()


def _looks(home: CommandLine) -> dict[str, float]:
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(LOOKS):
        done = home("background", "--once", "--when-due", "--json")
        assert done.json["waits"] == "not-due"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": round(cpu_s / LOOKS, 3), "wall_s": round((time.monotonic() - began) / LOOKS, 3)}


def cost(process: int) -> tuple[float, int]:
    """CPU seconds, and switches that the threads wished for."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    cpu_s = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    switches = 0
    for thread in Path(f"/proc/{process}/task").iterdir():
        status = (thread / "status").read_text()
        switches += int(status.split("\nvoluntary_ctxt_switches:")[1].split()[0])
    return cpu_s, switches


def _own_memory(process: int) -> int:
    """Bytes that no other process shares."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))


if __name__ == "__main__":
    print(json.dumps(figures(*map(float, sys.argv[1:]))))
