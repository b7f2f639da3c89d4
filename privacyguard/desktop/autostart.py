"""An entry in the desktop's autostart folder: it starts at log-in, stays without a window and looks at the time itself.

https://specifications.freedesktop.org/autostart-spec/latest (read 2026-11-20)
"""

import configparser
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from privacyguard.desktop import files
from privacyguard.desktop.program import STAYING, Program, shell_line
from privacyguard.i18n import _

FILE = "privacyguard.desktop"
GROUP = "Desktop Entry"
DELAY_S = 60
"""After log-in, when everything else starts too. Only GNOME waits for it; we start below normal priority anyway."""

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9@%+=:,./_-]")


class Autostart:
    """``own``: the person's autostart folder; ``systems``: those of the computer, the first one counts most."""

    def __init__(self, own: Path, systems: Sequence[Path] = (), arguments: Sequence[str] = STAYING) -> None:
        self._file = own / FILE
        self._systems = [folder / FILE for folder in systems]
        self._arguments = arguments

    @classmethod
    def of(cls, environment: Mapping[str, str], home: Path) -> "Autostart":
        """The folders that this environment names."""
        systems = environment.get("XDG_CONFIG_DIRS") or "/etc/xdg"
        folders = [Path(each) / "autostart" for each in systems.split(":") if each.startswith("/")]
        return cls(config_home(environment, home) / "autostart", folders)

    def is_on(self) -> bool:
        """Whether the desktop starts us. It, or the person in its settings, may have switched the entry off in the file."""
        if not self._file.is_file():
            return any(_starts(file) for file in self._systems[:1] if file.is_file())
        return _starts(self._file)

    def switch_on(self, program: Program) -> None:
        """Have it start us. Raises :class:`~privacyguard.desktop.files.StartRefused`."""
        files.write(self._file, entry(program, self._arguments).encode())

    def switch_off(self) -> bool:
        """Have it start us no more: whether it did. Raises :class:`~privacyguard.desktop.files.StartRefused`.

        Our file goes; where one of the computer's would count then, ours says that it does not.
        """
        was_on = self.is_on()
        if any(file.is_file() for file in self._systems):
            files.write(self._file, f"[{GROUP}]\nType=Application\nName=PrivacyGuard\nHidden=true\n".encode())
        else:
            files.remove(self._file)
        return was_on

    def remove(self) -> bool:
        """Take our file away, whatever it says: whether it was there."""
        return files.remove(self._file)


def entry(program: Program, arguments: Sequence[str]) -> str:
    """The content of the file."""
    lines = {
        "Type": "Application",
        "Version": "1.0",
        "Name": "PrivacyGuard",
        "Comment": _("Looks now and then if something of yours leaked"),
        # Desktops pass an entry over whose program was removed. They know no word for the home here, whose name is personal.
        **({} if program.below_home else {"TryExec": str(program.path).replace("\\", "\\\\")}),
        "Exec": _command(program, arguments),
        "Icon": "privacyguard",
        "Terminal": "false",
        "NoDisplay": "true",
        "StartupNotify": "false",
        "X-GNOME-Autostart-enabled": "true",
        "X-GNOME-Autostart-Delay": str(DELAY_S),
    }
    return f"[{GROUP}]\n" + "".join(f"{name}={value}\n" for name, value in lines.items())


def config_home(environment: Mapping[str, str], home: Path) -> Path:
    """The folder of the person's settings of all programs."""
    named = environment.get("XDG_CONFIG_HOME", "")
    return Path(named) if named.startswith("/") else home / ".config"


def _command(program: Program, arguments: Sequence[str]) -> str:
    if not program.below_home and not _NOT_PLAIN.search(str(program.path)):
        return " ".join([str(program.path).replace("%", "%%"), *arguments])
    return f"sh -c {_quoted(shell_line(program, arguments))}"


def _quoted(word: str) -> str:
    """A word for an Exec line: quoted for the command, then for the file, and no field code."""
    for_command = re.sub(r'(["`$\\])', r"\\\1", word)
    return '"' + for_command.replace("\\", "\\\\").replace("%", "%%") + '"'


def _starts(file: Path) -> bool:
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",), default_section="")
    parser.optionxform = str  # type: ignore[method-assign, assignment]  # names differ by case here
    try:
        parser.read_string(files.text_of(file))
        told = parser[GROUP]
    except (configparser.Error, KeyError):
        return False
    return told.get("Hidden", "false") != "true" and told.get("X-GNOME-Autostart-enabled", "true") != "false"
