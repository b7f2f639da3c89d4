"""Makes the Debian package from the frozen app: `make deb`. Needs dpkg-deb, and PySide6 to draw the icons in all sizes.

Nothing is compiled or fetched when it is installed. What it depends on is the section [run] of system-packages.txt.
"""

import argparse
import gzip
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from privacyguard import __version__, cli

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from drawn_icons import draw  # noqa: E402  (beside what freezes the app)

ROOT = HERE.parents[1]
PAPERS = HERE / "deb"
ICON_SIZES = (16, 22, 24, 32, 48, 64, 96, 128, 256, 512)
MAINTAINER = "The PrivacyGuard developers <developers@privacyguard.invalid>"
SUMMARY = "finds out where your data and your face leaked"
STORES = "gnome-keyring | kwalletmanager"
"""One of them keeps the key; a desktop has its own."""


def main() -> None:
    """Build the package; its path is printed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("frozen", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    sys.stdout.write(f"{build(arguments.frozen, arguments.out)}\n")


def build(frozen: Path, out: Path) -> Path:
    """The package of the frozen app in ``frozen``, in the folder ``out``."""
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
    write_papers(tree / "usr/share")
    write_icons(ROOT / "resources/icons/privacyguard.svg", tree / "usr/share/icons/hicolor")
    set_modes(tree)
    write_control(tree, architecture)
    package = out / f"privacyguard_{__version__}_{architecture}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "-z3", "--build", str(tree), str(package)], check=True)
    return package


def write_papers(share: Path) -> None:
    """The menu entry, what software centres show, the manual and the documents, below ``share``."""
    for name, folder in (
        ("privacyguard.desktop", "applications"),
        ("privacyguard.metainfo.xml", "metainfo"),
        ("README.Debian", "doc/privacyguard"),
        ("copyright", "doc/privacyguard"),
    ):
        (share / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(PAPERS / name, share / folder / name)
    documents, manual = share / "doc/privacyguard", share / "man/man1"
    (documents / "licences.txt").symlink_to("../../../lib/privacyguard/_internal/resources/licences/notice.txt")
    manual.mkdir(parents=True)
    packed(documents / "changelog.gz", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    packed(manual / "privacyguard.1.gz", manual_page())


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
    """The packages of the section [run]."""
    section = ""
    for line in (HERE / "system-packages.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line.strip() and not line.startswith("#") and section == "run":
            yield line.strip()


def write_control(tree: Path, architecture: str) -> None:
    """What dpkg is told of the package, and a sum for each file."""
    files = sorted(path for path in tree.rglob("*") if path.is_file() and not path.is_symlink())
    control = tree / "DEBIAN"
    control.mkdir()
    size_kib = sum(-(-path.stat().st_size // 1024) for path in files)
    depends = ", ".join(["libc6 (>= 2.36)", *needed()])
    (control / "control").write_text(
        f"Package: privacyguard\nVersion: {__version__}\nArchitecture: {architecture}\nMaintainer: {MAINTAINER}\n"
        f"Installed-Size: {size_kib}\nDepends: {depends}\nRecommends: {STORES}\nSection: utils\nPriority: optional\n"
        f"Description: {SUMMARY}\n"
        " PrivacyGuard looks for your data in leaks and for pictures that look like you, and\n"
        " tells you in plain words what to do first. Your face is learned on this computer\n"
        " and stays here, in a locked file.\n",
        "utf-8",
    )
    sums = (f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(tree)}\n" for path in files)  # noqa: S324
    (control / "md5sums").write_text("".join(sums), "utf-8")
    for name in ("prerm", "postrm"):
        if (PAPERS / name).exists():
            shutil.copy(PAPERS / name, control / name)
            (control / name).chmod(0o755)
    today = format_datetime(datetime.now(UTC))
    entry = (
        f"privacyguard ({__version__}) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- {MAINTAINER}  {today}\n"
    )
    packed(tree / "usr/share/doc/privacyguard/changelog.Debian.gz", entry)


if __name__ == "__main__":
    main()
