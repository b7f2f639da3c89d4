"""Kills a process that works on a vault, at moments by chance, and looks at what is left each time.

``python -m tests.support.kill_loop WHAT FOLDER SECONDS SEED``, or ``… at-moments FOLDER``, inside a session with a password
store. Prints one JSON object: how often it killed, and what it then found. Anything that must not be ends it with a
traceback.

It forks instead of starting programs, so that some hundred kills fit into a few seconds.
"""

import json
import os
import random
import select
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from privacyguard.errors import KeyMissing
from privacyguard.model.person import Relation
from privacyguard.vault.forget import forget_everything
from privacyguard.vault.keystore import KeyStore, SystemKeyStore, home_id
from privacyguard.vault.unlocking import ENTRIES
from tests.support.vault_samples import fill, open_vault, template

CODE = "api-hibp"
KILLS_AT_LEAST = 6


@dataclass
class Loop:
    """``found``: what each kill left. The first run is not killed: it tells how long the work takes."""

    folder: Path
    chance: random.Random
    found: Counter[str] = field(default_factory=Counter)
    window_s: float | None = None
    moment: str | None = None
    """Instead of chance: "before save", "after delete" and so on, of the password store's entries."""

    def store(self, home: Path) -> KeyStore:
        """The password store as the work sees it."""
        return _Dying(store(home), self.moment) if self.moment else store(home)

    def killed(self, work: Callable[[Callable[[str], object]], object]) -> list[str]:
        """What ``work`` said, in a process of its own, before it was killed or had ended."""
        read, write = os.pipe()
        start = time.monotonic()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                work(lambda word: os.write(write, f"{word}\n".encode()))
                status = 0
            except BaseException:  # noqa: BLE001  (shown here: the fork must not go on as its parent)
                traceback.print_exc()
                sys.stderr.flush()
            finally:
                os._exit(status)
        os.close(write)
        if self.window_s is not None:
            select.select([], [], [], self.chance.uniform(0, self.window_s))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL)
        if self.moment is not None:
            assert os.WIFSIGNALED(status), "the moment never came"
        elif self.window_s is None:
            assert status == 0
            self.window_s = time.monotonic() - start
        with open(read) as said:
            return said.read().split()


class _Dying:
    """A password store whose first save or delete is the end of the process."""

    def __init__(self, keys: KeyStore, moment: str) -> None:
        self._keys = keys
        self._moment = moment

    def load(self, entry: str) -> str | None:
        return self._keys.load(entry)

    def save(self, entry: str, secret: str) -> None:
        self._die("before save")
        self._keys.save(entry, secret)
        self._die("after save")

    def delete(self, entry: str) -> None:
        self._die("before delete")
        self._keys.delete(entry)
        self._die("after delete")

    def _die(self, moment: str) -> None:
        if moment == self._moment:
            os.kill(os.getpid(), signal.SIGKILL)


def store(home: Path) -> SystemKeyStore:
    """The password store's entries of this home."""
    return SystemKeyStore(home_id(home))


def entries(home: Path) -> list[str]:
    """Which of the two entries there are."""
    return [entry for entry in ENTRIES if store(home).load(entry) is not None]


def first_start(loop: Loop) -> None:
    """A first start that is killed can be started again, and what was acknowledged is there."""
    home = loop.folder / f"home-{loop.found.total()}"

    def work(say: Callable[[str], object]) -> None:
        with open_vault(home, loop.store(home)) as vault:
            say("open")
            vault.add_person("Ann", Relation.ME, True)
            say("added")

    said = loop.killed(work)
    has_file = (home / "vault.db").exists()
    loop.found[f"{'id' if (home / 'home-id').exists() else 'no id'}, {'file' if has_file else 'no file'}"] += 1
    before = store(home).load(ENTRIES[0])
    assert before is not None or not has_file
    with open_vault(home, store(home)) as vault:
        assert "added" not in said or [person.name for person in vault.people()] == ["Ann"]
        vault.check()
    assert entries(home) == [ENTRIES[0]]
    assert before in (None, store(home).load(ENTRIES[0]))


def forget_face(loop: Loop) -> None:
    """While a face is forgotten the file always opens, with one key; the face is whole or gone."""
    home = loop.folder / "home"
    if not home.exists():
        with open_vault(home, store(home)) as vault:
            fill(vault)

    def work(say: Callable[[str], object]) -> None:
        with open_vault(home, loop.store(home)) as vault:
            (person,) = vault.people()
            for _ in range(3):
                vault.save_template(person.person_id, template(1, 2))
                say("saved")
                vault.forget_face(person.person_id)
                say("forgotten")

    said = loop.killed(work)
    left = entries(home)
    with open_vault(home, store(home)) as vault:
        (person,) = vault.people()
        assert person.template in (None, template(1, 2))
        assert len(person.identifiers) == 3 and len(vault.findings()) == 3 and len(vault.places()) == 2
        assert vault.flag("vault.renewal-due") is None
        vault.check()
    loop.found[f"{'+'.join(left)}, {said[-1] if said else 'nothing'}"] += 1
    assert len(entries(home)) == 1
    assert sorted(path.name for path in home.iterdir()) == ["home-id", "vault.db"]


def forget_all(loop: Loop) -> None:
    """Everything is forgotten key first, and a second call does the rest."""
    home = loop.folder / "home"
    keys = store(home)
    keys.save(CODE, "code")
    with open_vault(home, keys) as vault:
        fill(vault)
    (home / "settings.toml").write_text("")
    whole = {path.name for path in home.iterdir()}
    loop.killed(lambda say: say(str(forget_everything(home, loop.store(home), [CODE]).at)))
    left = {path.name for path in home.iterdir()} if home.exists() else set()
    has_key = any(keys.load(entry) is not None for entry in ENTRIES)
    assert not has_key or left == whole
    loop.found[f"{'key' if has_key else 'no key'}, {len(left)} files"] += 1
    if "vault.db" in left and not has_key and "home-id" in left:
        try:
            open_vault(home, keys)
        except KeyMissing:
            pass
        else:
            raise AssertionError("opened without a key")
    forget_everything(home, keys, [CODE])
    assert not home.exists()
    assert [keys.load(entry) for entry in (*ENTRIES, CODE)] == [None] * 3


LOOPS = {"first-start": first_start, "forget-face": forget_face, "forget-all": forget_all}


def by_chance(what: str, folder: str, seconds: str, seed: str) -> dict[str, object]:
    """One loop until its time is over, and some times at least: a slow computer may need all of it for two."""
    loop = Loop(Path(folder), random.Random(seed))
    # Everything is loaded once, so that the time goes into the work that is killed.
    with open_vault(loop.folder / "warm", store(loop.folder / "warm")):
        shutil.rmtree(loop.folder / "warm")
    end = time.monotonic() + float(seconds)
    while time.monotonic() < end or loop.found.total() <= KILLS_AT_LEAST:
        LOOPS[what](loop)
    return {"kills": loop.found.total() - 1, "found": dict(loop.found)}


def at_moments(folder: str) -> dict[str, object]:
    """Once at each moment between the password store and the file."""
    found: dict[str, object] = {}
    for what, moments in (
        ("first-start", ("before save", "after save")),
        ("forget-face", ("before save", "after save", "before delete", "after delete")),
        ("forget-all", ("before delete", "after delete")),
    ):
        for moment in moments:
            place = Path(folder, f"{what} {moment}")
            place.mkdir()
            if what == "forget-face":
                with open_vault(place / "home", store(place / "home")) as vault:
                    fill(vault)
            loop = Loop(place, random.Random(1), moment=moment)
            LOOPS[what](loop)
            found[f"{what}, {moment}"] = next(iter(loop.found))
    return found


if __name__ == "__main__":
    print(json.dumps(at_moments(sys.argv[2]) if sys.argv[1] == "at-moments" else by_chance(*sys.argv[1:])))
