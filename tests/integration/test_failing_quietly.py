"""Whatever fails in the parts that learn about leaks, nothing personal is in the error, the log or on standard error.

Three ways: services that repeat what they were asked in every place of a reply; foreign files and texts; and faults of our
own code, with the value in their text. The log's second wall, the registered values, is left out: the first must do.
"""

import hashlib
import json
import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest

from privacyguard import logs
from privacyguard.advice.letters import letter
from privacyguard.analysis.export_messages import read_of
from privacyguard.analysis.exports import read_export
from privacyguard.analysis.messages import BadAnswer
from privacyguard.checkup.plan import CheckupPlan
from privacyguard.checkup.run import Parts, run_checkup
from privacyguard.errors import PrivacyGuardError
from privacyguard.model.checkup import Status
from privacyguard.model.letter import SentLetter
from privacyguard.model.person import Identifier, IdentifierKind, Relation, normalised
from privacyguard.model.progress import CancelToken
from privacyguard.net.gateway import NetSettings, Network
from privacyguard.report.files import write_private
from privacyguard.sources.base import BreachSource, PasswordSource
from privacyguard.sources.breaches.passwords import sha1_of
from privacyguard.sources.catalogue import sources
from privacyguard.vault.vault import Vault
from tests.support import canaries
from tests.support.commands import CommandLine
from tests.support.fakes.cache import MemoryCache
from tests.support.keystores import MemoryKeyStore
from tests.support.servers import Answer, Seen, Server
from tests.support.services import HIBP_KEY, Scenario, Services

MAIL = "quackenbush.zyxw@canary-mail.example.org"
PASSWORD = "Zyxw canary, 9 geese"
ORGANISATION = "Zyxwcanary Ruderverein"
VALUES = {"mail": MAIL, "password": PASSWORD, "organisation": ORGANISATION, "code": HIBP_KEY}
NEEDLES = canaries.needles({**VALUES, "fingerprint": hashlib.sha1(PASSWORD.encode()).digest()})

MAILS, SERVED = Identifier(IdentifierKind.EMAIL, MAIL), Identifier(IdentifierKind.ORGANISATION, ORGANISATION)


def told_by(error: BaseException) -> str:
    """All that an error may show anywhere: its traceback as Python prints it, its parts, its words."""
    words = f"{getattr(error, 'title', '')} {getattr(error, 'remedy', '')} {vars(error)}"
    return "".join([*traceback.format_exception(error), repr(error), repr(error.args), str(error), words])


def needles_in(text: str, except_for: str = "no value") -> list[str]:
    content = text.encode("utf-8", "backslashreplace")
    return [name for name, needle in NEEDLES.items() if needle in content and not name.startswith(except_for)]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Callable[[BaseException], str]]:
    """Writes an error into a log that knows none of the values, and gives what stands in the file."""
    root = logging.getLogger()
    before = list(root.handlers), logging.lastResort, logging.raiseExceptions
    logger = logs.start(tmp_path / "log", logs.PersonalValues())

    def written(error: BaseException) -> str:
        logger.error("not caught", exc_info=error)
        return (tmp_path / "log" / "privacyguard.log").read_text("utf-8")

    yield written
    logs.stop()
    logging.captureWarnings(False)
    root.handlers, logging.lastResort, logging.raiseExceptions = before


def test_the_search_sees_what_an_error_would_tell(log: Callable[[BaseException], str]) -> None:
    for value in VALUES.values():
        assert needles_in(told_by(PrivacyGuardError(f"bad {value}")))
    assert needles_in(log(PrivacyGuardError(f"bad {ORGANISATION}")))  # no address and no code: only the first wall


# --- services that repeat everything --------------------------------------------------------------------------------


def _echo(seen: Seen) -> str:
    return f"{unquote(seen.path)} {MAIL} {PASSWORD} {ORGANISATION} {sha1_of(PASSWORD)} {seen.headers}"


ECHOES: dict[str, Callable[[Seen], Answer]] = {
    "an error in JSON": lambda seen: _json({"Error": _echo(seen), "error": _echo(seen), "message": _echo(seen)}, 400),
    "a text in place of a list": lambda seen: _json(_echo(seen)),
    "an unknown field": lambda seen: _json({_echo(seen): _echo(seen)}),
    "a list of texts": lambda seen: _json([_echo(seen)]),
    "a plan of texts": lambda seen: _json({"Rpm": _echo(seen), "SubscriptionName": _echo(seen)}),
    "a field of a leak": lambda seen: _json([{"Name": "A", "Title": "A", "Domain": "", "BreachDate": _echo(seen)}]),
    "broken JSON": lambda seen: Answer(200, f'{{"{_echo(seen)}'.encode()),
    "a page": lambda seen: Answer(200, f"<html>{_echo(seen)}".encode(), "text/html"),
    "a teapot": lambda seen: Answer(418, _echo(seen).encode(), "text/plain"),
    "a refusal": lambda seen: Answer(401, _echo(seen).encode()),
    "a plan too small": lambda seen: Answer(403, f"does not have access {_echo(seen)}".encode(), "text/plain"),
    "lines": lambda seen: Answer(200, f"{sha1_of(PASSWORD)}\r\n{_echo(seen)}".encode(), "text/plain"),
    "trouble": lambda seen: Answer(500, _echo(seen).encode()),
    "too many": lambda seen: Answer(429, _echo(seen).encode(), headers={"Retry-After": "9999"}),
    "a type that repeats": lambda seen: Answer(200, b"x", f"text/{MAIL}"),
    "a redirect elsewhere": lambda seen: Answer(302, headers={"Location": f"https://elsewhere.example.org/{MAIL}"}),
    "a redirect to an address that is none": lambda seen: Answer(302, headers={"Location": f"//[{MAIL}"}),
    "a coding": lambda seen: Answer(200, b"x", headers={"Content-Encoding": MAIL}),
    "packed, and not": lambda seen: Answer(200, _echo(seen).encode(), headers={"Content-Encoding": "gzip"}),
    "a length that is none": lambda seen: Answer(200, b"", headers={"Content-Length": MAIL}),
}
LEAK_SOURCES = ["catalogue", "hibp", "xposedornot", "leakcheck", "passwords"]


def _json(value: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode())


@pytest.mark.parametrize("source_id", LEAK_SOURCES)
@pytest.mark.parametrize("name", ECHOES)
def test_a_service_that_repeats_everything_is_an_error_without_it(
    source_id: str, name: str, log: Callable[[BaseException], str]
) -> None:
    with Server(ECHOES[name]) as server:
        bases = {source_id: server.url}
        network = Network(lambda _: None, NetSettings("PrivacyGuard/test", bases), chance=lambda: 0.0)
        source = next(one for one in sources(bases, MemoryCache()) if one.info.id == source_id)
        gateway = network.bind(source.info, CancelToken(), HIBP_KEY if source_id == "hibp" else None)
        with pytest.raises(PrivacyGuardError) as caught:
            if isinstance(source, PasswordSource):
                source.times(sha1_of(PASSWORD), gateway)
            else:
                assert isinstance(source, BreachSource)
                list(source.check(MAILS if source_id != "catalogue" else SERVED, gateway))
        assert server.requests
    assert needles_in(told_by(caught.value) + log(caught.value)) == []


def test_a_checkup_over_such_services_keeps_none_of_it(tmp_path: Path) -> None:
    with Services(Scenario()) as services:
        repeated = ECHOES["an error in JSON"](Seen("GET", "", f"/{MAIL}", {}, b""))
        services.scenario.broken.update(dict.fromkeys(LEAK_SOURCES, repeated))
        settings = NetSettings("PrivacyGuard/test", services.base_urls(), services.resolve())
        with Vault.open(tmp_path / "home", MemoryKeyStore(), clock=_now) as vault:
            person = vault.add_person("Jane", Relation.ME, True)
            vault.add_identifiers(person.person_id, (MAILS, SERVED))
            listed = sources(services.base_urls(), vault)
            parts = Parts(vault, listed, Network(vault.record, settings), None, _now, {"hibp": HIBP_KEY}.get)  # type: ignore[arg-type]
            plan = CheckupPlan(person.person_id, frozenset(LEAK_SOURCES))
            checkup = run_checkup(plan, parts, lambda _: None, CancelToken())
            failed = [one for one in checkup.outcomes if one.status is Status.FAILED]
            assert {one.source_id for one in failed} == set(LEAK_SOURCES) - {"passwords"}
            assert needles_in(repr(checkup) + repr(vault.disclosures())) == []


# --- foreign files and texts ----------------------------------------------------------------------------------------

_TEXT = f"{MAIL} {PASSWORD} {ORGANISATION}"
_SAVED = SentLetter("f" * 16, "no such person", ORGANISATION, "delete", date(2026, 1, 1), date(2026, 2, 1))


def _save_letter(folder: Path) -> None:
    with Vault.open(folder / "home", MemoryKeyStore(), clock=_now) as vault:
        vault.save_letter(_SAVED)


def _open_round(folder: Path) -> None:
    with Vault.open(folder / "home", MemoryKeyStore(), clock=_now) as vault:
        vault.rounds.open(ORGANISATION, "hibp", (MAILS,), _now())


FAILING: dict[str, Callable[[Path], object]] = {
    "an export with a quote": lambda _: read_export(f'url,password\nhttps://a.org,"{_TEXT}"x\n'.encode(), True),
    "an export with a long row": lambda _: read_export(f"url,password\nhttps://a.org,{_TEXT},b\n".encode(), True),
    "an export with a long field": lambda _: read_export(
        f"url,password\nhttps://a.org,{_TEXT * 2000}\n".encode(), True
    ),
    "an export of another kind": lambda _: read_export(f"{_TEXT}\n{_TEXT}\n".encode(), True),
    "an export in JSON": lambda _: read_export(json.dumps({MAIL: PASSWORD}).encode(), True),
    "an export with a NUL": lambda _: read_export(f"url\nhttps://a.org/{MAIL}\0\n".encode(), False),
    "a reader that repeats": lambda _: read_of(json.dumps({"unreadable": _TEXT, "line": _TEXT}).encode(), True),
    "a reader with another kind": lambda _: read_of(json.dumps({"kind": _TEXT}).encode(), True),
    "a reader that is broken": lambda _: read_of(f'{{"{_TEXT}'.encode(), True),
    "a letter of no kind": lambda _: letter(_TEXT, ORGANISATION, MAIL, "DE", date(2026, 1, 1)),
    "a letter without a reader": lambda _: letter("delete", "\x00", _TEXT, "DE", date(2026, 1, 1)),
    "a letter in no folder": lambda folder: write_private(folder / "missing" / ORGANISATION, _TEXT.encode()),
    "a letter of nobody": _save_letter,
    "a round of nobody": _open_round,
    "an address that is none": lambda _: normalised(IdentifierKind.EMAIL, f"{PASSWORD} {MAIL}"),
    "a fingerprint that is none": lambda _: _passwords().times(PASSWORD, None),  # type: ignore[arg-type]
}


def _passwords() -> PasswordSource:
    return next(one for one in sources({}, MemoryCache()) if isinstance(one, PasswordSource))


@pytest.mark.parametrize("name", FAILING)
def test_what_cannot_be_read_or_written_is_an_error_without_it(
    name: str, tmp_path: Path, log: Callable[[BaseException], str]
) -> None:
    with pytest.raises((PrivacyGuardError, BadAnswer, ValueError, LookupError)) as caught:
        FAILING[name](tmp_path)
    assert needles_in(told_by(caught.value) + log(caught.value)) == []


# --- faults of our own code -----------------------------------------------------------------------------------------

_FAULTY = """
import sys
from privacyguard.cli import main

def bad(*values, **more):
    raise RuntimeError("fault {{!r}} {{!r}} %s" % {personal!r})

from {module} import {owner}
{owner}.{name} = bad
sys.exit(main(sys.argv[1:]))
"""


@dataclass(frozen=True)
class Fault:
    """A function of ours that is broken, and a command that calls it. ``says``: by which the log knows it."""

    module: str
    owner: str
    name: str
    command: tuple[str, ...]
    typed: str = ""


FAULTS = [
    Fault("privacyguard.sources.breaches.leakcheck", "LeakCheck", "check", ("check", "--source", "leakcheck")),
    Fault("privacyguard.sources.breaches.catalogue", "BreachCatalogue", "check", ("check", "--source", "catalogue")),
    Fault("privacyguard.vault.rounds", "Rounds", "open", ("check", "--source", "xposedornot")),
    Fault("privacyguard.checkup.telling", "Telling", "is_at", ("check", "--source", "leakcheck")),
    Fault("privacyguard.vault.vault", "Vault", "save_asked", ("check", "--source", "leakcheck")),
    Fault("privacyguard.sources.breaches.passwords", "PwnedPasswords", "times", ("password", "test"), PASSWORD),
    Fault(
        "privacyguard.commands", "letters", "letter", ("letter", "delete", "--to", "-", "--out", "a.txt"), ORGANISATION
    ),
    Fault("privacyguard.advice", "organisations", "_without_letter", ("advice",)),
    Fault("privacyguard.analysis", "export_reader", "read_in_worker", ("account", "import", "export.csv")),
]


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    with Services(Scenario(leaks={MAIL: ["ExampleGym"]}, passwords={PASSWORD: 3})) as running:
        yield running


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.owner}.{fault.name}")
def test_a_fault_of_our_own_tells_its_place_and_nothing_else(
    privacyguard: CommandLine, services: Services, fault: Fault
) -> None:
    privacyguard.settings(services.settings_toml(on=("leakcheck", "passwords", "catalogue", "xposedornot")))
    assert privacyguard("account", "add", "-", typed=MAIL).status == 0
    assert privacyguard("account", "add", "--kind", "organisation", "-", typed=ORGANISATION).status == 0
    program = _FAULTY.format(personal=_TEXT, module=fault.module, owner=fault.owner, name=fault.name)
    command = [sys.executable, "-P", "-c", program, *fault.command]
    done = privacyguard.session.run(command, input=f"{fault.typed}\n", extra=privacyguard.environment, timeout_s=90)
    assert done.returncode == 1
    assert done.stderr == f"{PrivacyGuardError.title} {PrivacyGuardError.remedy}\n"
    written = (privacyguard.folder / "log" / "privacyguard.log").read_text("utf-8")
    assert "builtins.RuntimeError" in written
    assert needles_in(written + done.stderr) == []


def _now() -> datetime:
    return datetime.now(UTC)
