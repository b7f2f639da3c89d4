"""The vault: how long opening, the notes of a scan, and forgetting take. Without the password store's own time."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from privacyguard.checkup.found import BATCH
from privacyguard.checkup.scan import PAGE
from privacyguard.model.person import Relation
from privacyguard.model.place import LookedAt
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import breach, face_match, finding, open_vault, outcome, template

PICTURES = 20_000
LEAKS = 2000


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
            LookedAt(
                f"/home/ann/Pictures/2019/holiday/IMG_{number:05}.jpg",
                3_000_000 + number,
                number,
                "sface@2026",
                1,
                sha256=f"{number:064x}",
                scene=f"{number:036x}",
            )
            for number in range(PICTURES)
        ]
        found = [finding(person_id, face_match(number, page=str(number)), "folders") for number in range(BATCH)]

        def write() -> None:
            for start in range(0, PICTURES, BATCH):
                vault.remember(person_id, seen[start : start + BATCH])

        def read() -> None:
            for start in range(0, PICTURES, PAGE):
                page = seen[start : start + PAGE]
                assert vault.index(person_id).known([one.path for one in page]) == {one.path: one for one in page}

        def ask_by_content() -> None:
            index = vault.index(person_id)
            for one in seen[::10]:
                assert index.sizes("sface@2026", [one.size]) == {one.size}
                assert index.same_content("sface@2026", one.size, one.sha256 or "") == one

        def put_off() -> None:
            index = vault.index(person_id)
            for start in range(0, PICTURES, PAGE):
                index.put_off([one.path for one in seen[start : start + PAGE]], 1)
            assert sum(1 for _ in index.due(1)) == PICTURES

        leaks = [
            breach(name=f"Leak{number}", title=f"Leak {number}", domain=f"{number}.example") for number in range(LEAKS)
        ]
        of_one = [finding(person_id, leak) for leak in leaks]
        of_other = [finding(person_id, replace(leak, name=leak.domain, title=leak.domain)) for leak in leaks]
        seconds["vault_2000_leaks_write_s"] = _timed(lambda: vault.save_outcome(person_id, outcome(), of_one))
        seconds["vault_2000_leaks_again_s"] = _timed(lambda: vault.save_outcome(person_id, outcome(), of_one))
        seconds["vault_2000_leaks_of_another_source_s"] = _timed(
            lambda: vault.save_outcome(person_id, outcome("leakcheck"), of_other)
        )
        assert len(vault.findings()) == LEAKS
        seconds["vault_20000_looked_at_writes_s"] = _timed(write)
        seconds["vault_20000_looked_at_reads_s"] = _timed(read)
        seconds["vault_2000_contents_s"] = _timed(ask_by_content)
        seconds["vault_20000_due_again_s"] = _timed(put_off)
        seconds["vault_20000_scenes_s"] = _timed(lambda: sum(1 for _ in vault.scenes(person_id)))
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
