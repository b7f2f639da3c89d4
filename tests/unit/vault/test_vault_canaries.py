"""No personal value, face pattern or key lies readable in the home folder: open, closed, or after a kill."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from privacyguard.vault import schema
from tests.support import canaries
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import Filled, embedding, fill, open_vault

KEY = "c0ffee" + "5a" * 29

VALUES: dict[str, str | bytes | tuple[float, ...]] = {
    "plain": "zyxw.canary@example.org",
    "accents": "Zyxwanda Canarysdóttir",
    "path": "/home/zyxw user/Ferien ü/a b.jpg",
    "bytes": bytes(range(100, 200)),
    "numbers": embedding(3),
}


@pytest.mark.parametrize("name", VALUES)
def test_each_form_that_is_planted_is_found(tmp_path: Path, name: str) -> None:
    needles = canaries.needles({name: VALUES[name]})
    planted = canaries.plant(tmp_path, needles)
    assert len(needles) > 10
    hits = {(hit.form, hit.path) for hit in canaries.search([tmp_path], needles)}
    assert set(zip(needles, planted, strict=True)) <= hits


@pytest.mark.parametrize("before", [b"", b"a", b"ab"])
def test_base64_is_found_wherever_the_value_stands(tmp_path: Path, before: bytes) -> None:
    import base64

    (tmp_path / "file").write_bytes(base64.b64encode(before + b"zyxw.canary@example.org" + b"more"))
    hits = canaries.search([tmp_path], canaries.variants("zyxw.canary@example.org"))
    assert [hit.form.partition("+")[0] for hit in hits] == ["base64"]


def test_names_of_files_and_folders_are_searched_too(tmp_path: Path) -> None:
    (tmp_path / "a" / "zyxw.canary").mkdir(parents=True)
    (tmp_path / "zyxw.canary.txt").write_text("nothing")
    (tmp_path / "pipe").unlink(missing_ok=True)
    os.mkfifo(tmp_path / "pipe")  # must not be waited for
    hits = canaries.search([tmp_path], canaries.variants("zyxw.canary"))
    assert {(hit.path.name, hit.offset) for hit in hits} == {("zyxw.canary.txt", -1), ("zyxw.canary", -1)}


def test_clean_folders_and_short_values_give_no_hits(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(os.urandom(100_000))
    assert canaries.search([tmp_path], canaries.needles(VALUES)) == []
    for value in ("Ann", b"12345", (0.5, 0.25, 0.125)):
        with pytest.raises(ValueError, match="short"):
            canaries.variants(value)


def needles_of(filled: Filled) -> dict[str, bytes]:
    return canaries.needles({**filled.canaries, "key": bytes.fromhex(KEY), "key as text": KEY})


def test_a_plain_database_would_be_found_out(tmp_path: Path) -> None:
    """The same rows without encryption: proves that the search sees what the vault writes, in the form it writes it."""
    from sqlcipher3 import dbapi2

    with open_vault(tmp_path / "home", MemoryKeyStore({"vault-key-1": KEY})) as vault:
        filled = fill(vault)
        plain = dbapi2.connect(tmp_path / "plain.db")
        plain.execute("PRAGMA page_size = 65536")  # no value lies on two pages
        with vault._reading() as connection:
            for table in sorted(schema.TABLES):
                rows = [tuple(row) for row in connection.execute(f"SELECT * FROM {table}").fetchall()]
                columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})").fetchall()]
                plain.execute(f"CREATE TABLE {table} ({','.join(columns)})")
                plain.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(columns))})", rows)
        plain.commit()
        plain.close()
    (tmp_path / "vault.db").write_bytes((tmp_path / "plain.db").read_bytes())
    found = {hit.form.partition(":")[0] for hit in canaries.search([tmp_path], needles_of(filled))}
    # Cuts and hashes of crops are packed also there; the key is in no table.
    assert found >= set(filled.canaries) - {"cut", "enrolled cut", "enrolled copies"}


def test_nothing_is_readable_while_open_and_after_closing(tmp_path: Path) -> None:
    keys = MemoryKeyStore({"vault-key-1": KEY})
    with open_vault(tmp_path, keys) as vault:
        filled = fill(vault)
        needles = needles_of(filled)
        assert (tmp_path / "vault.db-wal").stat().st_size > 100_000
        assert canaries.search([tmp_path], needles) == []
    assert canaries.search([tmp_path], needles) == []
    with open_vault(tmp_path, keys) as vault:
        vault.forget_face(filled.person.person_id)
        assert canaries.search([tmp_path], needles) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.support.keystores import MemoryKeyStore
from tests.support.vault_samples import fill, open_vault
vault = open_vault(Path(sys.argv[1]), MemoryKeyStore({"vault-key-1": sys.stdin.readline().strip()}))
fill(vault)
with vault._writing() as connection:
    connection.execute("UPDATE person SET name = name || ' again'")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_nothing_is_readable_after_a_kill_and_what_was_saved_is_there(tmp_path: Path) -> None:
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    temporary.mkdir()
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(home)],
        input=KEY + "\n",
        text=True,
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary)},
    )
    assert ended.returncode == -signal.SIGKILL and ended.stderr == ""
    assert (home / "vault.db-wal").stat().st_size > 100_000
    with open_vault(tmp_path / "other", MemoryKeyStore()) as vault:
        needles = needles_of(fill(vault))
    assert canaries.search([home, temporary], needles) == []
    with open_vault(home, MemoryKeyStore({"vault-key-1": KEY})) as vault:
        assert [person.name for person in vault.people()] == ["Zyxwanda Canarysdóttir"]
        vault.check()
