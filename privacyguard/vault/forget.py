"""Forget everything: the key first, then every file of ours, and a receipt that says what we cannot reach."""

import contextlib
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from privacyguard.errors import NoPasswordStore, VaultError
from privacyguard.i18n import _
from privacyguard.vault import folder
from privacyguard.vault.database import BESIDE
from privacyguard.vault.folder import LOCK_FILE, VAULT_FILE, FolderLock
from privacyguard.vault.keystore import HOME_ID_FILE, KeyStore
from privacyguard.vault.unlocking import ENTRIES

_VAULT = tuple(f"{name}{ending}" for name in (VAULT_FILE, f"{VAULT_FILE}.new") for ending in (*BESIDE, ".probe"))
_SETTINGS = ("settings.toml", ".settings.toml.new")
_LOG_FOLDER = "log"
_LOGS = ("privacyguard.log", "privacyguard.log.1")
_TEMPORARY_FOLDER, _TEMPORARY = "runtime", "tmp-*"
_HOME = (f"{HOME_ID_FILE}.new", HOME_ID_FILE, LOCK_FILE)


@dataclass(frozen=True)
class Receipt:
    """What was erased, when, and what we cannot reach, in plain words of the chosen language."""

    erased: tuple[str, ...]
    at: datetime
    not_reached: str

    @classmethod
    def of(cls, erased: Iterable[tuple[bool, str]], at: datetime, *also_not_reached: str) -> "Receipt":
        """The receipt over those that are so."""
        not_reached = _(
            "We cannot reach backups of this computer, files that you saved, or what you sent to a service."
        )
        return cls(tuple(words for is_so, words in erased if is_so), at, " ".join((not_reached, *also_not_reached)))

    @classmethod
    def of_face(cls, had_pattern: bool, had_cuts: bool, had_pictures: bool, at: datetime) -> "Receipt":
        """The receipt for a face."""
        erased = [
            (had_pattern, _("The face pattern, and the small pictures of the face it was made from")),
            (had_cuts, _("The small pictures of the face beside what we found")),
            (had_pictures, _("The list of pictures that we looked at for this face")),
            (True, _("The old key, so older copies of your locked file do not open any more")),
        ]
        return cls.of(erased, at)

    @classmethod
    def of_person(cls, at: datetime) -> "Receipt":
        """The receipt for a person."""
        erased = [
            (True, _("This person’s name, accounts, face pattern and what they agreed to")),
            (True, _("All that we found for them, what was decided about it, and the letters noted for them")),
            (True, _("The old key, so older copies of your locked file do not open any more")),
        ]
        return cls.of(erased, at)


def _now() -> datetime:
    return datetime.now(UTC)


def forget_everything(
    home: Path, keys: KeyStore, key_entries: Sequence[str], *, clock: Callable[[], datetime] = _now
) -> Receipt:
    """Erase the vault's key, then the codes under ``key_entries``, then every file of ours in ``home``.

    Needs no open vault: works on a damaged one and without its key. Files that are not ours stay, and the folder with
    them. Called again after a kill, it erases the rest.

    Raises:
        VaultInUse: a copy is running; nothing was erased.
        PasswordStoreLocked, PasswordStoreRefused: nothing was erased. Where there is no store at all, the files are
            erased all the same, and the receipt says that entries may be left.
        VaultUnwritable: a file could not be erased; its key is gone, and all other files.
    """
    folder.prepare(home)
    with FolderLock.take(home):
        had_key, had_codes, has_store = _erase_entries(keys, key_entries)
        erasing = _Erasing()
        erased = [
            (had_key, _("The key to your locked file")),
            (had_codes, _("Your codes for other services")),
            (erasing.files(home, _VAULT), _("Your locked file, with your face pattern and all that we found")),
            (erasing.files(home, _SETTINGS), _("Your settings")),
            (erasing.files(home / _LOG_FOLDER, _LOGS), _("The log of this program")),
        ]
        erasing.folders(home / _TEMPORARY_FOLDER, _TEMPORARY)
    # After the lock is let go: where a file is the lock, it cannot be erased before.
    erasing.files(home, _HOME)
    for ours in (home / _LOG_FOLDER, home / _TEMPORARY_FOLDER, home):
        with contextlib.suppress(OSError):  # a file that is not ours keeps its folder
            ours.rmdir()
    if erasing.failure is not None:
        raise erasing.failure
    left = () if has_store else (_("There is no password store now, so we could not erase what we kept there."),)
    return Receipt.of(erased, clock(), *left)


def _erase_entries(keys: KeyStore, key_entries: Sequence[str]) -> tuple[bool, bool, bool]:
    """Whether there was a key, a code, and a store."""
    had_key = had_codes = False
    try:
        for entry in ENTRIES:
            had_key = _erase_entry(keys, entry) or had_key
        for entry in key_entries:
            had_codes = _erase_entry(keys, entry) or had_codes
    except NoPasswordStore:
        return had_key, had_codes, False
    return had_key, had_codes, True


def _erase_entry(keys: KeyStore, entry: str) -> bool:
    was_there = keys.load(entry) is not None
    keys.delete(entry)
    return was_there


class _Erasing:
    """Goes on after a file that cannot be erased; ``failure`` is the first one's."""

    def __init__(self) -> None:
        self.failure: VaultError | None = None

    def files(self, place: Path, names: Iterable[str]) -> bool:
        """Erase our files of these names; whether there was one. A folder or device of such a name is not ours."""
        found = False
        for name in names:
            path = place / name
            try:
                if stat.S_IFMT(os.lstat(path).st_mode) in (stat.S_IFREG, stat.S_IFLNK):
                    path.unlink()
                    found = True
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                self.failure = self.failure or folder.meaning(error)
        return found

    def folders(self, place: Path, pattern: str) -> None:
        """Erase our temporary folders."""
        if place.is_symlink():
            return
        for path in place.glob(pattern):
            try:
                shutil.rmtree(path)
            except OSError as error:
                self.failure = self.failure or folder.meaning(error)
