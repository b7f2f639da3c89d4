"""settings.toml: which sources are on, and where tests redirect them. Nothing personal, nothing secret.

The file is data: it names no path and no command, and a key that we do not know is refused rather than passed over.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from privacyguard.errors import SettingsDamaged

MAX_BYTES = 64 * 1024
"""More than this is not a settings file of ours."""

_SOURCE_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+\Z")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class SourceSettings:
    """What is set for one source. ``on``: None where the person has not chosen; ``base_url``: for tests."""

    on: bool | None = None
    base_url: str | None = None


@dataclass(frozen=True)
class Settings:
    """What settings.toml says.

    ``resolve``: exact host names and the "address:port" on this computer that answers for them, for tests.
    ``not_obeyed``: the redirections written in the file that do not count here (no ``PRIVACYGUARD_HOME``, or an
    installed app); they are not in ``sources`` and ``resolve``.
    """

    sources: Mapping[str, SourceSettings] = field(default_factory=dict)
    resolve: Mapping[str, str] = field(default_factory=dict)
    not_obeyed: tuple[str, ...] = ()

    @property
    def bases(self) -> Mapping[str, str]:
        """The configured address on this computer for each source that has one."""
        return {name: source.base_url for name, source in self.sources.items() if source.base_url is not None}

    @property
    def where_was_answered(self) -> bool:
        """Whether the person has chosen where we may look: at least one switch was set. Before it nothing is asked."""
        return any(source.on is not None for source in self.sources.values())

    def is_on(self, source_id: str, on_at_first: bool) -> bool:
        """Whether the source is switched on; ``on_at_first`` counts until the person chose."""
        chosen = self.sources[source_id].on if source_id in self.sources else None
        return on_at_first if chosen is None else chosen


def read(file: Path, *, obeys_redirections: bool) -> Settings:
    """The settings in ``file``; the first ones where there is no file.

    Without ``obeys_redirections`` every ``base_url`` and ``resolve`` is checked, but only named in ``not_obeyed``.

    Raises:
        SettingsDamaged: not TOML, unreadable, an unknown key, or a wrong value. The text names the key only.
    """
    return _settings(_tables(file), obeys_redirections)


def switch(file: Path, source_ids: Mapping[str, bool]) -> None:
    """Write for each source id whether it is on; everything else in the file stays, comments too.

    Raises:
        SettingsDamaged: the file as it is now cannot be read, so it is left alone.
    """
    import tomlkit  # only when something is switched: it costs 60 ms at start

    _settings(_tables(file), obeys_redirections=True)
    document = tomlkit.parse(file.read_text("utf-8") if file.exists() else "")
    sources = document.setdefault("sources", tomlkit.table(is_super_table=True))
    for source_id, on in source_ids.items():
        sources.setdefault(source_id, tomlkit.table())["on"] = on
    _write(file, tomlkit.dumps(document))


def _write(file: Path, text: str) -> None:
    """Replace the file in one step, so that a crash leaves the old or the new one, readable by its owner only."""
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(new, file)


def _tables(file: Path) -> dict[str, object]:
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsDamaged("the file cannot be read") from error
    if len(content) > MAX_BYTES:
        raise SettingsDamaged("the file is too long")
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        # A parser's text can repeat a line of the file.
        raise SettingsDamaged("the file is not TOML") from None


def _settings(tables: dict[str, object], obeys_redirections: bool) -> Settings:
    _only(tables, "", {"sources", "net"})
    written = {name: _source(name, table) for name, table in _table(tables, "sources").items()}
    resolve = _resolve(_table(tables, "net"))
    if obeys_redirections:
        return Settings(written, resolve)
    not_obeyed = [f"sources.{name}.base_url" for name, source in written.items() if source.base_url is not None]
    not_obeyed += [f"net.resolve.{name}" for name in resolve]
    return Settings({name: SourceSettings(source.on) for name, source in written.items()}, {}, tuple(not_obeyed))


def _source(name: str, untrusted_table: object) -> SourceSettings:
    where = f"sources.{name}"
    if not _SOURCE_ID.match(name) or not isinstance(untrusted_table, dict):
        raise SettingsDamaged(f"{where} is not a source")
    _only(untrusted_table, f"{where}.", {"on", "base_url"})
    on, base_url = untrusted_table.get("on"), untrusted_table.get("base_url")
    if on is not None and not isinstance(on, bool):
        raise SettingsDamaged(f"{where}.on is neither true nor false")
    if base_url is not None and not (isinstance(base_url, str) and _is_base(base_url)):
        raise SettingsDamaged(f"{where}.base_url is not an http address on this computer")
    return SourceSettings(on, base_url)


def _resolve(net: dict[str, object]) -> dict[str, str]:
    _only(net, "net.", {"resolve"})
    resolve: dict[str, str] = {}
    for name, place in _table(net, "resolve", "net.").items():
        if not _NAME.match(name):
            raise SettingsDamaged("net.resolve holds something that is not a host name")
        if not isinstance(place, str) or not _is_base(f"http://{place}") or "/" in place:
            raise SettingsDamaged(f"net.resolve.{name} is not an address and port on this computer")
        resolve[name] = place
    return resolve


def _is_base(text: str) -> bool:
    """Whether ``text`` is a plain address on this computer: http or https, a loopback host and a port."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and not set(text) & set(' "<>\\^`{|}@?#')
    return plain and parts.scheme in ("http", "https") and parts.hostname in _LOOPBACK and bool(port)


def _table(tables: dict[str, object], name: str, where: str = "") -> dict[str, object]:
    table = tables.get(name, {})
    if not isinstance(table, dict):
        raise SettingsDamaged(f"{where}{name} is not a table")
    return table


def _only(table: dict[str, object], where: str, known: set[str]) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise SettingsDamaged(f"unknown key {where}{unknown[0]}")
