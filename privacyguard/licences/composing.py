"""The notice composed: from what packages bring, and from ``told.toml`` for what none says of itself."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath
from typing import Any

from privacyguard import __version__
from privacyguard.licences.notice import LicenceMissing, Part, read

NOTICE = "notice.txt"
"""In the folder of the installed app: composed when it was made."""

_NAMED = re.compile(r"licen[cs]e|copying|notice|copyright|authors", re.IGNORECASE)
_NO_TEXT = frozenset({".py", ".pyc", ".pyi", ".json", ".xml", ".so", ".pyd", ".toml", ".html"})
_CRATE = re.compile(rb"/registry/src/[^/\0]+/([\w-]+?-\d+\.\d+\.\d+[\w.+-]*)/")
_SHORT = 60


@dataclass(frozen=True)
class Told:
    """``told.toml``: words on packages, and parts inside of them. ``folder``: where it and the texts are."""

    packages: Mapping[str, Mapping[str, Any]]
    parts: tuple[Mapping[str, Any], ...]
    folder: Path

    def texts(self, entry: Mapping[str, Any]) -> Iterator[str]:
        """The words of an entry, then its texts."""
        if "words" in entry:
            yield str(entry["words"]).strip()
        for name in entry.get("texts", ()):
            yield (self.folder / "texts" / name).read_text("utf-8")


def told(folder: Path) -> Told:
    """What ``folder``, that of our resources' licences, tells."""
    content = tomllib.loads((folder / "told.toml").read_text("utf-8"))
    packages = {plain_name(name): entry for name, entry in content["package"].items()}
    return Told(packages, tuple(content["part"]), folder)


def parts_inside(resources: Path) -> tuple[Part, ...]:
    """Every part, ours first: as the installed app was made, or of the packages that are installed for the sources.

    Raises:
        LicenceMissing: a part brings no text of its licence, and none is told.
    """
    folder = resources / "licences"
    if (folder / NOTICE).is_file():
        return read((folder / NOTICE).read_text("utf-8"))
    return composed(_installed(resources.parent / "requirements.lock"), folder, resources.parent / "LICENSE")


def composed(packages: Iterable[Distribution], folder: Path, own: Path) -> tuple[Part, ...]:
    """Our part, those of the packages, and those that are told to be inside of them.

    Args:
        folder: with ``told.toml``.
        own: the text of our licence.

    Raises:
        LicenceMissing: as for :func:`parts_inside`.
    """
    known = told(folder)
    found = {plain_name(package.name): package for package in packages}
    parts = [_of_package(package, known) for package in found.values()]
    for entry in known.parts:
        if plain_name(entry["inside"]) in found:
            version = found[plain_name(entry["inside"])].version
            parts.append(Part(entry["name"], version, entry["licence"], "\n\n".join(known.texts(entry))))
    words = (
        "The program, its icons, its texts and the drawn face of its self-test are ours. The portraits of its self-test are "
        "free for everyone: Eileen Collins by NASA, and Grace Hopper by the US Navy (public domain)."
    )
    ours = Part("PrivacyGuard", __version__, "MIT", f"{words}\n\n{own.read_text('utf-8')}")
    return (ours, *sorted(parts, key=lambda part: part.name.casefold()))


def plain_name(name: str) -> str:
    """The one way to write the name of a package."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked_names(lock: Path) -> tuple[str, ...]:
    """The packages of a lock file, for every system and Python."""
    return tuple(re.findall(r"^([\w.-]+)==", lock.read_text("utf-8"), re.MULTILINE))


def _installed(lock: Path) -> Iterator[Distribution]:
    for name in locked_names(lock):
        try:
            yield distribution(name)
        except PackageNotFoundError:  # for another system, or another Python
            continue


def _of_package(package: Distribution, known: Told) -> Part:
    entry = known.packages.get(plain_name(package.name), {})
    texts = [*known.texts(entry), *_own_texts(package)]
    if "crates" in entry:
        texts.insert(1, _crates(package, entry["crates"]))
    licence = entry.get("licence") or _licence(package)
    if len(texts) <= ("words" in entry) or not licence:
        raise LicenceMissing(package.name)
    return Part(package.name, package.version, licence, "\n\n".join(texts))


def _licence(package: Distribution) -> str:
    """The short name in the metadata, "" where there is none."""
    fields = [package.metadata.get_all(field) for field in ("License-Expression", "License")]
    said = next((values[0] for values in fields if values), "")
    if said and len(said) <= _SHORT and "\n" not in said:
        return said
    classifiers = package.metadata.get_all("Classifier") or []
    return ", ".join(each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License :: "))


def _own_texts(package: Distribution) -> Iterator[str]:
    """Each different text of a licence that the package holds, below its place."""
    seen: set[str] = set()
    for file in package.files or ():
        if _is_licence(file):
            text = Path(str(file.locate())).read_text("utf-8", "replace")
            if text not in seen:
                seen.add(text)
                yield f"--- {file} ---\n\n{text}"


def _is_licence(file: PurePosixPath) -> bool:
    in_place = any(part.endswith(".dist-info") for part in file.parts) and "licenses" in file.parts
    return file.suffix not in _NO_TEXT and (in_place or bool(_NAMED.search(file.name)))


def _crates(package: Distribution, pattern: str) -> str:
    libraries = [
        file for file in package.files or () if file.match(pattern) and file.suffix in {".so", ".dylib", ".dll"}
    ]
    names = {name for each in libraries for name in _CRATE.findall(Path(str(each.locate())).read_bytes())}
    return "\n".join(sorted(name.decode() for name in names))
