"""The folder of pictures that a browser puts beside a saved page: "Results_files" beside "Results.html".

The page is foreign, so no name in it ever reaches the file system: the folder is listed, and names are looked up in the list.
Else ``//host/x`` in a page would make Windows sign in at that host, and ``../`` would lead to other files.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

FILES = 5_000
DEPTH = 3
_ENDING = re.compile(r"[-_. ]\w{1,30}", re.UNICODE)
"""What browsers add to the page's name, each in its own language: "_files", ".files", "-Dateien", "_fichiers"."""


def files_beside(saved: Path) -> Mapping[str, Path]:
    """The plain files in the folders of this saved page, by name from the page on ("Results_files/a.jpg"), sorted.

    At most :data:`FILES`, :data:`DEPTH` folders deep; no link is followed. Empty where there is no such folder.
    """
    parent, stem = saved.resolve().parent, saved.stem
    found: dict[str, Path] = {}
    try:
        folders = sorted(each.name for each in os.scandir(parent) if _is_folder_of(each, stem))
    except OSError:
        return {}
    for name in folders:
        folder = parent / name
        for path in _files(folder, DEPTH):
            if len(found) >= FILES:
                return found
            # What is listed lies below; this holds whatever the file system does with names.
            if path.resolve().is_relative_to(folder):
                found[f"{name}/{path.relative_to(folder).as_posix()}"] = path
    return found


def _is_folder_of(entry: "os.DirEntry[str]", stem: str) -> bool:
    return (
        entry.name.startswith(stem)
        and _ENDING.fullmatch(entry.name[len(stem) :]) is not None
        and entry.is_dir(follow_symlinks=False)
    )


def _files(folder: Path, depth: int) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_file(follow_symlinks=False):
            yield folder / entry.name
        elif depth > 1 and entry.is_dir(follow_symlinks=False):
            yield from _files(folder / entry.name, depth - 1)
