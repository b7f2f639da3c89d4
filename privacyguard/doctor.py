"""What works on this computer, and what does not. No answer holds a personal value."""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from privacyguard import __version__
from privacyguard.errors import PictureUnreadable, PrivacyGuardError, VaultError, VaultInUse
from privacyguard.i18n import _, ngettext
from privacyguard.paths import HOME_VARIABLE, is_frozen
from privacyguard.session import Session

if TYPE_CHECKING:
    from privacyguard.analysis.confinement import Confinement

CHILD_TIMEOUT_S = 60.0
"""A first start of the face parts from a slow disk takes some 10 s."""


@dataclass(frozen=True)
class Check:
    """One line of the examination. ``detail``: plain words, without names, addresses and paths."""

    what: str
    ok: bool
    detail: str


def examine(session: Session) -> Iterator[Check]:
    """Each part in turn, as far as it can be looked at; a part that does not work does not stop the others."""
    yield _program(session)
    yield _guarded(_("settings"), lambda: _settings(session))
    yield _guarded(_("password store"), lambda: _password_store(session))
    yield _guarded(_("vault"), lambda: _vault(session))
    yield _guarded(_("models"), _models)
    yield second_opinion()
    yield worker_limits()
    yield _guarded(_("network settings"), lambda: _network(session))
    yield _swap()
    yield _notices()
    yield _regular_check(session)
    yield Check(_("camera"), True, _("not part of this version: faces are added from photos"))
    yield _tray()


def second_opinion() -> Check:
    """Whether the second way to compare faces starts, in a process of its own."""
    return _in_child(_("second opinion"), _load_second_opinion)


def _guarded(what: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except PrivacyGuardError as error:
        return Check(what, False, f"{_(error.title)} {_(error.remedy)}")


def _program(session: Session) -> Check:
    kind = _("installed app") if is_frozen() else _("run from its sources")
    place = _("in the usual folder")
    if session.paths.is_moved:
        place = _("in a folder of its own ({variable} is set)").format(variable=HOME_VARIABLE)
    python = ".".join(map(str, sys.version_info[:3]))
    return Check(_("program"), True, f"PrivacyGuard {__version__}, Python {python}, {sys.platform}; {kind}; {place}")


def _settings(session: Session) -> Check:
    settings = session.settings
    if settings.not_obeyed:
        detail = _("these keys are for tests and do not count here: {keys}")
        return Check(_("settings"), True, detail.format(keys=", ".join(settings.not_obeyed)))
    unknown = sorted(set(settings.sources) - {source.info.id for source in session.sources})
    if unknown:
        detail = _("this version knows no place called {names}").format(names=", ".join(unknown))
        return Check(_("settings"), False, detail)
    return Check(_("settings"), True, _("readable"))


def _password_store(session: Session) -> Check:
    what = _("password store")
    store = session.keys.describe()
    session.keys.load("vault-key-1")  # proves that it is unlocked and answers
    if store.opens_without_password:
        return Check(what, True, _("{name}; it opens without a password").format(name=store.backend))
    if store.opens_without_password is None:
        detail = _("{name}; whether it opens without a password cannot be told").format(name=store.backend)
        return Check(what, True, detail)
    return Check(what, True, _("{name}; it asks for a password").format(name=store.backend))


def _vault(session: Session) -> Check:
    if not any(session.paths.home.glob("vault.*")):
        return Check(_("vault"), True, _("not made yet"))
    try:
        people = len(session.vault.people())
    except VaultInUse:
        return Check(_("vault"), True, _("in use by another PrivacyGuard"))
    return Check(
        _("vault"), True, ngettext("opens; {count} profile", "opens; {count} profiles", people).format(count=people)
    )


def _models() -> Check:
    from privacyguard.faces.weights import MODEL_ID, SHA256, checked_weights, weights_folder

    folder = weights_folder()
    for name in SHA256:
        checked_weights(name, folder)
    return Check(_("models"), True, _("{model}: the files are the ones we ship").format(model=MODEL_ID))


def _network(session: Session) -> Check:
    settings = session.settings
    parts = [_("goes straight out")]
    proxies = session.proxies
    if proxies:
        parts = [_("uses a proxy for {kinds}").format(kinds=", ".join(sorted(proxies)))]
    if settings.bases:
        parts.append(_("asked on this computer instead: {names}").format(names=_pairs(settings.bases)))
    if settings.resolve:
        parts.append(_("names answered by this computer: {names}").format(names=_pairs(settings.resolve)))
    parts += _own_servers(session)
    return Check(_("network settings"), True, "; ".join(parts))


def _own_servers(session: Session) -> list[str]:
    """Which places ask a server that the person named. Its address may say where they live or work."""
    ids = [source.info.id for source in session.sources if source.info.own_server]
    try:
        named = [source_id for source_id in ids if session.server_of(source_id) is not None]
    except VaultError:
        return [_("whether servers were named cannot be read now")]
    return [_("asks a server that was named for: {names}").format(names=", ".join(named))] if named else []


def _pairs(places: Mapping[str, str]) -> str:
    """Each name with its place. All of them are on this computer, so none says where a person lives or works."""
    return ", ".join(f"{name} = {place}" for name, place in sorted(places.items()))


def _swap() -> Check:
    what = _("swap")
    try:
        lines = Path("/proc/swaps").read_text("ascii", errors="replace").splitlines()[1:]
    except OSError:
        return Check(what, True, _("cannot be told on this system"))
    if not lines:
        return Check(what, True, _("off"))
    if all(line.startswith("/dev/zram") for line in lines):
        return Check(what, True, _("in memory only"))
    return Check(what, True, _("on: parts of the memory may be written to the disk"))


def _notices() -> Check:
    from privacyguard.desktop.notices import NoticesMissing, notices

    what, shown_by = _("notices"), notices().shown_by()
    if shown_by is None:  # all works without them
        return Check(what, True, f"{_(NoticesMissing.title)} {_(NoticesMissing.remedy)}")
    # Only a plain name is repeated: whoever has the place on the bus says it.
    name = shown_by if shown_by.isprintable() and len(shown_by) <= 40 else _("a program without a name")
    return Check(what, True, _("shown by {name}").format(name=name))


def _tray() -> Check:
    """As far as it shows without a window: older trays are only seen by one, so none here is no fault."""
    from privacyguard.desktop.sign_place import has_place

    if has_place():
        return Check(_("tray"), True, _("this desktop has a place for our sign"))
    return Check(_("tray"), True, _("this desktop names no place for our sign; the app looks again when it is open"))


def _regular_check(session: Session) -> Check:
    from privacyguard.guards import own_starting

    what, ways = _("start of the regular check"), own_starting(session.paths)
    if ways is None:
        return Check(what, True, _("not by this computer, since the folder was moved"))
    return Check(what, True, _("by this computer") if ways.is_on() else _("not by this computer"))


def _in_child(what: str, work: Callable[[], str]) -> Check:
    """Run ``work`` in a process of its own: what is heavy or may crash stays out of this one."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(theirs, work), daemon=True)
    child.start()
    theirs.close()
    try:
        answer = ours.recv_bytes(4096).decode("utf-8") if ours.poll(CHILD_TIMEOUT_S) else ""
    except (EOFError, OSError):
        answer = ""
    finally:
        child.kill()
        child.join()
        ours.close()
    return Check(what, bool(answer), answer or _("does not start"))


def _child(connection: Connection, work: Callable[[], str]) -> None:
    with open(os.devnull, "r+b", buffering=0) as nowhere:
        for stream in (0, 1, 2):
            os.dup2(nowhere.fileno(), stream)
    connection.send_bytes(work().encode())


def _load_second_opinion() -> str:
    from privacyguard.faces import second_opinion

    return _("face_recognition with dlib {version} starts").format(version=second_opinion.start())


def worker_limits() -> Check:
    """What a real worker gave up. On Linux not well without a filter on system calls."""
    from privacyguard.analysis.pool import AnalysisPool

    what = _("worker limits")
    try:
        with AnalysisPool(workers=1) as pool:
            confinement = pool.confinement()
    except PictureUnreadable:
        return Check(what, False, _("a worker does not start"))
    return Check(what, confinement.holds_for_the_web, ", ".join(_in_force(confinement)))


def _in_force(confinement: "Confinement") -> Iterator[str]:
    if confinement.memory_bytes:
        yield _("memory {gib} GiB").format(gib=f"{confinement.memory_bytes / 1024**3:g}")
    else:
        yield _("memory not limited")
    if sys.platform != "win32":
        yield _("no core file")
        yield _("no file written")
    if sys.platform == "linux":
        version = confinement.landlock
        yield (
            _("files closed off (Landlock {version})").format(version=version) if version else _("files not closed off")
        )
        yield _("calls filtered (seccomp)") if confinement.seccomp else _("calls not filtered")
    yield _("no network") if confinement.network == "none" else _("network closed off as far as it goes")
    if not confinement.holds_for_the_web:
        yield _("pictures from the web are not looked at")
