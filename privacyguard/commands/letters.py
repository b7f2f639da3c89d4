"""letter: a letter to who may hold a person's data, as a text file. The person sends it."""

import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from privacyguard import wording
from privacyguard.advice.archives import ARCHIVE, ARCHIVE_MAIL
from privacyguard.advice.leak_words import is_list
from privacyguard.advice.letters import ARCHIVED, LETTER_KINDS, letter
from privacyguard.checkup.archives import web_addresses
from privacyguard.commands.call import DONE, NOT_ALL_DONE, Call, Subparsers, person_named, values
from privacyguard.errors import UsageError, VaultUnwritable
from privacyguard.i18n import _, system_country
from privacyguard.model.breach import Breach
from privacyguard.model.finding import Finding
from privacyguard.model.person import LENGTH_AT_MOST, IdentifierKind, Person, Relation
from privacyguard.report.files import write_private
from privacyguard.session import COUNTRY_FLAG

_KEY = re.compile(r"[a-z]+-[0-9a-f]{16}\Z")
_COUNTRY = re.compile(r"[A-Za-z]{2}\Z")


@dataclass(frozen=True)
class _Wanted:
    """Who writes to whom; ``leaked_on``: of the leak that it is about; ``addresses``: of pages, for an archive."""

    recipient: str
    person: Person | None
    leaked_on: date | None = None
    addresses: tuple[str, ...] = ()


def add_to(commands: Subparsers) -> None:
    """The parser of this command."""
    parser = commands.add("letter", _("write a letter that you can send"), _write)
    parser.add_argument("kind", choices=list(LETTER_KINDS), help=_("what it asks for"))
    to = parser.add_mutually_exclusive_group(required=True)
    to.add_argument("--finding", metavar="KEY", help=_("what it is about, as in: privacyguard findings --json"))
    to.add_argument("--to", choices=["-"], help=_("to the organisation named on standard input"))
    parser.add_argument("--person", metavar="NAME", help=_("with --to: who it is about, else you"))
    parser.add_argument("--country", metavar="CC", help=_("your country, two letters: for the law that it names"))
    parser.add_argument("--out", metavar="FILE", required=True, help=_("a file that ends in .txt"))


def finding_with(call: Call, key: str) -> Finding:
    """The finding with this key. Raises :class:`UsageError` when there is none."""
    finding = call.session.vault.finding(key) if _KEY.match(key) else None
    if finding is None:
        raise UsageError(_("There is no finding with this key."))
    return finding


def checked_country(written: str) -> str:
    """The two letters of a country in capitals. Raises :class:`UsageError` for anything else."""
    if not _COUNTRY.match(written):
        raise UsageError(_("Write the country with two letters, as in DE or US."))
    return written.upper()


def _write(call: Call) -> int:
    arguments, session = call.arguments, call.session
    out = Path(arguments.out)
    if out.suffix.lower() != ".txt":
        raise UsageError(_("This version writes letters that end in .txt."))
    country = checked_country(arguments.country) if arguments.country is not None else ""
    wanted = _about_a_finding(call) if arguments.finding is not None else _to_an_organisation(call)
    person, today = wanted.person, session.clock().astimezone().date()
    is_child = person is not None and person.relation is Relation.MY_CHILD
    made = letter(
        arguments.kind,
        wanted.recipient,
        "" if person is None or is_child else _name(person),
        country or session.vault.flag(COUNTRY_FLAG) or system_country(os.environ),
        today,
        child_name=_name(person) or person.name if person is not None and is_child else None,
        leaked_on=wanted.leaked_on,
        addresses=wanted.addresses,
    )
    try:
        write_private(out, made.text.encode())
    except VaultUnwritable:
        call.out.problem(_("This file cannot be written. Is there such a folder, and may you write there?"))
        return NOT_ALL_DONE
    call.out.give({"out": arguments.out})
    call.out.say(_("The letter is ready. Look through it, fill in what is in brackets, and send it yourself."))
    call.out.say(_("Wait for an answer until {day}.").format(day=wording.day(made.due_on)))
    if arguments.kind == ARCHIVED:
        call.out.say(_("Send it to {mail}.").format(mail=ARCHIVE_MAIL))
    call.out.say(made.note)
    return DONE


def _about_a_finding(call: Call) -> _Wanted:
    if call.arguments.person is not None:
        raise UsageError(_("--person goes with --to only."))
    finding = finding_with(call, call.arguments.finding)
    if call.arguments.kind == ARCHIVED:
        return _about_copies(call, finding)
    leak = finding.evidence
    if not isinstance(leak, Breach) or is_list(leak):
        raise UsageError(_("This finding names no organisation that one could write to."))
    people = {person.person_id: person for person in call.session.vault.people()}
    return _Wanted(leak.title, people[finding.person_id], leak.occurred_on)


def _about_copies(call: Call, finding: Finding) -> _Wanted:
    addresses = web_addresses(finding)
    if not addresses:
        raise UsageError(_("This finding has no address on the web."))
    return _Wanted(ARCHIVE, call.session.vault.person(finding.person_id), addresses=addresses)


def _to_an_organisation(call: Call) -> _Wanted:
    if call.arguments.kind == ARCHIVED:
        raise UsageError(_("A letter to an archive is about a finding. Name it with --finding."))
    named = values(call, ["-"], _("Who is the letter to? One line."))
    recipient = " ".join(named[0].split())
    if len(named) != 1 or not recipient.isprintable() or len(recipient) > LENGTH_AT_MOST:
        raise UsageError(_("Write one name, without control characters, on one line."))
    call.session.personal.add([recipient])
    return _Wanted(recipient, person_named(call))


def _name(person: Person) -> str:
    """The name that they gave to be looked for; "" where there is none: that of a profile may be any word."""
    return next((each.value for each in person.identifiers if each.kind is IdentifierKind.NAME), "")
