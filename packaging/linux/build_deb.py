"""Makes the Debian package from the frozen app: `make deb`. Needs dpkg-deb, and PySide6 to draw the icons in all sizes.

Nothing is compiled or fetched when it is installed. What it depends on is the section [deb] of system-packages.txt.
"""

import argparse
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from privacyguard import __version__, cli

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from drawn_icons import draw  # noqa: E402  (beside what freezes the app)

ROOT = HERE.parents[1]
PAPERS = HERE / "deb"
METAINFO = PAPERS / "privacyguard.metainfo.xml"
SITE = re.compile(r"https://[a-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?")
ICON_SIZES = (16, 22, 24, 32, 48, 64, 96, 128, 256, 512)
MAINTAINER = "The PrivacyGuard developers <developers@privacyguard.invalid>"
SUMMARY = "finds out where your data and your face leaked"
RECOMMENDS = "gnome-keyring | kwalletmanager, xdg-utils"
"""One of the first two keeps the key; a desktop has its own. The last opens links in the browser."""


def main() -> None:
    """Build the package; its path is printed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("frozen", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--site", metavar="URL", help="where people find the app and its pictures on the web")
    arguments = parser.parse_args()
    sys.stdout.write(f"{build(arguments.frozen, arguments.out, arguments.site)}\n")


def build(frozen: Path, out: Path, site: str | None = None) -> Path:
    """The package of the frozen app in ``frozen``, in the folder ``out``. ``site``: as of :func:`metainfo`."""
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    tree = out / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    os.umask(0o022)
    shutil.copytree(frozen, tree / "usr/lib/privacyguard", symlinks=True)
    command = tree / "usr/bin/privacyguard"
    command.parent.mkdir(parents=True)
    command.symlink_to("../lib/privacyguard/privacyguard")
    write_papers(tree / "usr/share", site)
    write_icons(ROOT / "resources/icons/privacyguard.svg", tree / "usr/share/icons/hicolor")
    set_modes(tree)
    write_control(tree, architecture, site)
    package = out / f"privacyguard_{__version__}_{architecture}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "-z3", "--build", str(tree), str(package)], check=True)
    return package


def write_papers(share: Path, site: str | None) -> None:
    """The menu entry, what software centres show, the manual and the documents, below ``share``."""
    documents, manual = share / "doc/privacyguard", share / "man/man1"
    for source, target in (
        (PAPERS / "privacyguard.desktop", share / "applications/privacyguard.desktop"),
        (PAPERS / "lintian-overrides", share / "lintian/overrides/privacyguard"),
        (PAPERS / "README.Debian", documents / "README.Debian"),
        (PAPERS / "copyright", documents / "copyright"),
        *((ROOT / "resources/screenshots" / name, documents / "screenshots" / name) for name in pictures()),
    ):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
    today = datetime.now(UTC)
    (share / "metainfo").mkdir()
    shown = metainfo(__version__, today.date(), site)
    (share / "metainfo/privacyguard.metainfo.xml").write_text(shown, "utf-8")
    (documents / "licences.txt").symlink_to("../../../lib/privacyguard/_internal/resources/licences/notice.txt")
    manual.mkdir(parents=True)
    packed(manual / "privacyguard.1.gz", manual_page())
    packed(documents / "changelog.gz", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    entry = f"privacyguard ({__version__}) unstable; urgency=medium\n\n  * See changelog.gz.\n\n"
    packed(documents / "changelog.Debian.gz", f"{entry} -- {MAINTAINER}  {format_datetime(today)}\n")


def metainfo(version: str, released: date, site: str | None = None) -> str:
    """What software centres show (AppStream). The pictures and the address are told only with a site: pictures are taken from
    web addresses alone. ``site``: the address below which the folder ``screenshots`` of the package's documents lies.

    Raises:
        ValueError: the site is not a plain https address.
    """
    if site is not None and not SITE.fullmatch(site):
        raise ValueError("the site is no plain https address")
    root = ElementTree.fromstring(METAINFO.read_text("utf-8"))  # noqa: S314  (our own file)
    for tag in ("url", "screenshots") if site is None else ():
        for element in root.findall(tag):
            root.remove(element)
    releases = ElementTree.SubElement(root, "releases")
    ElementTree.SubElement(releases, "release", version=version, date=released.isoformat())
    ElementTree.indent(root)
    written = ElementTree.tostring(root, "unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'.replace("@SITE@", (site or "").rstrip("/"))


def pictures() -> dict[str, tuple[int, int]]:
    """The files of the pictures that the template names, and the size in pixels that it tells of each."""
    images = ElementTree.fromstring(METAINFO.read_text("utf-8")).iter("image")  # noqa: S314  (our own file)
    return {
        (image.text or "").rpartition("/")[2]: (int(image.attrib["width"]), int(image.attrib["height"]))
        for image in images
    }


def packed(file: Path, text: str) -> None:
    """Write the text as gzip does with -9n: the same each time."""
    with file.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(text.encode())


def manual_page() -> str:
    """The manual page, with every command and its own line of help."""
    commands: Any = next(action for action in cli.parser()._actions if action.dest == "command")
    lines = [f".B {choice.dest}\n{roff(choice.help or '')}" for choice in commands._get_subactions()]
    return f"""\
.TH PRIVACYGUARD 1 "" "PrivacyGuard {__version__}"
.SH NAME
privacyguard \\- {roff(SUMMARY)}
.SH SYNOPSIS
.B privacyguard
.br
.B privacyguard
.RI [ COMMAND " [" OPTION ...]]
.SH DESCRIPTION
Without a command the window opens. It looks for your data in leaks and for pictures that look like you,
and tells you what to do first. Your face is learned on this computer and stays here, in a locked file.
Nothing is asked before you say where to look.
.PP
.B privacyguard
.I COMMAND
.B \\-\\-help
tells more about a command.
.SH COMMANDS
.TP
{(chr(10) + ".TP" + chr(10)).join(lines)}
.SH FILES
.TP
.I ~/.local/share/privacyguard
Everything personal, locked. Its key is in the password store of the desktop.
.B privacyguard forget \\-\\-everything
erases both.
.SH ENVIRONMENT
.TP
.B PRIVACYGUARD_HOME
Keeps everything below one folder.
"""


def roff(text: str) -> str:
    """The text so that it is not read as more than text."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def write_icons(picture: Path, theme: Path) -> None:
    """Our picture in all sizes, in the folders of the icon theme ``hicolor``."""
    draw(picture, {theme / f"{size}x{size}/apps/privacyguard.png": size for size in ICON_SIZES})
    (theme / "scalable/apps").mkdir(parents=True)
    shutil.copy(picture, theme / "scalable/apps/privacyguard.svg")


def set_modes(tree: Path) -> None:
    """As Debian wants them: one program, everything else only read."""
    for path in tree.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
        elif not path.is_symlink():
            path.chmod(0o755 if path == tree / "usr/lib/privacyguard/privacyguard" else 0o644)


def needed() -> Iterator[str]:
    """The packages of the section [deb]."""
    section = ""
    for line in (HERE / "system-packages.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line.strip() and not line.startswith("#") and section == "deb":
            yield line.strip()


def write_control(tree: Path, architecture: str, site: str | None) -> None:
    """What dpkg is told of the package, and a sum for each file."""
    files = sorted(path for path in tree.rglob("*") if path.is_file() and not path.is_symlink())
    control = tree / "DEBIAN"
    control.mkdir()
    size_kib = sum(-(-path.stat().st_size // 1024) for path in files)
    depends = ", ".join(["libc6 (>= 2.36)", *needed()])
    homepage = f"Homepage: {site}\n" if site else ""
    (control / "control").write_text(
        f"Package: privacyguard\nVersion: {__version__}\nArchitecture: {architecture}\nMaintainer: {MAINTAINER}\n"
        f"Installed-Size: {size_kib}\nDepends: {depends}\nRecommends: {RECOMMENDS}\nSection: utils\nPriority: optional\n"
        f"{homepage}Description: {SUMMARY}\n"
        " PrivacyGuard looks for your data in leaks and for pictures that look like\n"
        " you, and tells you in plain words what to do first. Your face is learned on\n"
        " this computer and stays here, in a locked file.\n",
        "utf-8",
    )
    sums = (f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(tree)}\n" for path in files)  # noqa: S324
    (control / "md5sums").write_text("".join(sums), "utf-8")
    for name in ("prerm", "postrm"):
        if (PAPERS / name).exists():
            shutil.copy(PAPERS / name, control / name)
            (control / name).chmod(0o755)


if __name__ == "__main__":
    main()
