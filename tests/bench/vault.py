"""The vault: how long opening, the notes of a scan, and forgetting take. Without the password store's own time."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from privacyguard.model.person import Relation
from privacyguard.model.place import LookedAt
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import face_match, finding, open_vault, outcome, template

PICTURES = 20_000
BATCH = 64
"""As a scan writes them."""


def figures() -> dict[str, float]:
    """Seconds for each, and the size of the file in MB."""
    with tempfile.TemporaryDirectory() as folder:
        return _figures(Path(folder), MemoryKeyStore())


def _figures(home: Path, keys: MemoryKeyStore) -> dict[str, float]:
    seconds = {"vault_first_start_s": _timed(lambda: open_vault(home, keys).close())}
    with open_vault(home, keys) as vault:
        person_id = vault.add_person("Ann", Relation.ME, True).person_id
        vault.save_template(person_id, template(1, 2, 3, 4, 5))
        seen = [
            LookedAt(f"/home/ann/Pictures/2019/holiday/IMG_{number:05}.jpg", 3_000_000, number, "sface@2026", 1)
            for number in range(PICTURES)
        ]
        found = [finding(person_id, face_match(number, page=str(number)), "folders") for number in range(BATCH)]

        def write() -> None:
            for start in range(0, PICTURES, BATCH):
                vault.remember(person_id, seen[start : start + BATCH])

        def read() -> None:
            for one in seen:
                assert vault.looked_at(person_id, one.path) == one

        seconds["vault_20000_looked_at_writes_s"] = _timed(write)
        seconds["vault_20000_looked_at_reads_s"] = _timed(read)
        seconds["vault_64_findings_write_s"] = _timed(lambda: vault.save_outcome(person_id, outcome(), found))
        seconds["vault_64_findings_read_s"] = _timed(lambda: vault.findings())
    size = (home / "vault.db").stat().st_size / 1e6
    seconds["vault_open_s"] = min(_timed(lambda: open_vault(home, keys).close()) for _ in range(5))
    with open_vault(home, keys) as vault:
        seconds["vault_check_whole_file_s"] = _timed(vault.check)
        seconds["vault_forget_face_s"] = _timed(lambda: vault.forget_face(person_id))
    return seconds | {"vault_file_mb": size}


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
