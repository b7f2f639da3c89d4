"""account and place: what is checked, and where we look on this computer."""

from pathlib import Path

from privacyguard.commands.call import (
    DONE,
    NOT_ALL_DONE,
    Call,
    Subparsers,
    cancellable,
    person_named,
    person_or_me,
    values,
)
from privacyguard.commands.output import table
from privacyguard.errors import UsageError
from privacyguard.i18n import N_, _, ngettext
from privacyguard.model.person import Identifier, IdentifierKind, normalised
from privacyguard.model.place import Place, PlaceKind

KINDS = [kind.value for kind in IdentifierKind if kind is not IdentifierKind.PHONE]

_ONE_A_LINE = N_("Write one value a line. End with Ctrl-D.")
_ONLY_SITES = N_("Only the names and addresses of sites are read, never user names or passwords.")
DELETE_EXPORT = N_("Now delete the export file, and empty the trash: it holds your passwords.")
_READ_IN = N_("Arguments are visible to other users of this computer. With - the values are read from standard input.")


def add_to(commands: Subparsers) -> None:
    """The parsers of these commands."""
    parts = commands.group(commands.add("account", _("what is checked: addresses, user names, services you use")))
    for name, does, run in (
        ("add", _("check this from now on"), _add_account),
        ("remove", _("do not check this any more"), _remove_account),
        ("list", _("show what is checked"), _list_accounts),
    ):
        parser = parts.add(name, does, run, more=_(_READ_IN) if name != "list" else "")
        if name != "list":
            default = IdentifierKind.EMAIL.value if name == "add" else None
            parser.add_argument("--kind", choices=KINDS, default=default, help=_("what the values are"))
            parser.add_argument("values", nargs="*", metavar="VALUE", help=_("a value, or - for standard input"))
    does = _("add the services in a CSV export of a password manager or browser")
    parser = parts.add("import", does, _import_accounts, more=_(_ONLY_SITES))
    parser.add_argument("file", metavar="FILE", type=Path, help=_("the CSV file"))
    parts = commands.group(commands.add("place", _("folders and web pages that are looked at in every checkup")))
    for name, does, run in (
        ("add", _("look here in every checkup"), _add_place),
        ("remove", _("do not look here any more"), _remove_place),
        ("list", _("show the places"), _list_places),
    ):
        parser = parts.add(name, does, run, more=_(_READ_IN) if name != "list" else "")
        if name != "list":
            parser.add_argument("values", nargs="*", metavar="FOLDER|URL", help=_("a place, or - for standard input"))


def _add_account(call: Call) -> int:
    kind = IdentifierKind(call.arguments.kind)
    identifiers = _identifiers(call, kind)
    person = person_or_me(call)
    for identifier in identifiers:
        call.session.personal.add([identifier.value])
        call.session.vault.add_identifier(person.person_id, identifier)
    _show_accounts(call, identifiers)
    return DONE


def _import_accounts(call: Call) -> int:
    from privacyguard.analysis.export_reader import read_in_worker

    with cancellable(call) as cancel:
        read = read_in_worker(call.arguments.file, False, cancel)
    person = person_or_me(call)
    named = dict.fromkeys(normalised(IdentifierKind.SERVICE, text) for text in (*read.sites, *read.names))
    new = [service for service in named if service not in person.identifiers]
    call.session.personal.add([service.value for service in new])
    call.session.vault.add_identifiers(person.person_id, new)
    _show_accounts(call, new)
    words = ngettext("{count} service was added.", "{count} services were added.", len(new))
    call.out.say(words.format(count=len(new)))
    if known := len(named) - len(new):
        words = ngettext("{count} was on the list before.", "{count} were on the list before.", known)
        call.out.say(words.format(count=known))
    if read.left_out:
        words = ngettext(
            "{count} entry of the file was left out: it names no site of the internet.",
            "{count} entries of the file were left out: they name no site of the internet.",
            read.left_out,
        )
        call.out.note(words.format(count=read.left_out))
    call.out.note(_(DELETE_EXPORT))
    return DONE


def _remove_account(call: Call) -> int:
    written = values(call, call.arguments.values, _(_ONE_A_LINE))
    person = person_named(call)
    known = person.identifiers if person is not None else ()
    kinds = [IdentifierKind(call.arguments.kind)] if call.arguments.kind else list(IdentifierKind)
    removed: list[Identifier] = []
    missing = 0
    for value in written:
        # What was kept by an older version may have another form.
        found = [i for i in known if i.kind in kinds and _one_form(i.kind, i.value) == _one_form(i.kind, value)]
        missing += not found
        for identifier in found:
            if person is not None and call.session.vault.remove_identifier(person.person_id, identifier):
                removed.append(identifier)
    _show_accounts(call, removed)
    if missing:
        call.out.problem(
            ngettext("{count} value was not on the list.", "{count} values were not on the list.", missing).format(
                count=missing
            )
        )
    return NOT_ALL_DONE if missing else DONE


def _list_accounts(call: Call) -> int:
    person = person_named(call)
    _show_accounts(call, list(person.identifiers) if person is not None else [])
    if person is None or not person.identifiers:
        call.out.say(_("Nothing is named yet. Add an e-mail address with: privacyguard account add -"))
    return DONE


def _identifiers(call: Call, kind: IdentifierKind) -> list[Identifier]:
    identifiers = []
    for number, value in enumerate(values(call, call.arguments.values, _(_ONE_A_LINE)), start=1):
        try:
            identifiers.append(normalised(kind, value))
        except ValueError as error:
            # The value itself may be a slip of the clipboard, so it is not repeated.
            words = _("Value {number} cannot be taken. {reason} Nothing was added.")
            raise UsageError(words.format(number=number, reason=_(str(error)))) from None
    return identifiers


def _one_form(kind: IdentifierKind, value: str) -> str | None:
    try:
        return normalised(kind, value).value
    except ValueError:
        return None


def _show_accounts(call: Call, identifiers: list[Identifier]) -> None:
    call.out.give([{"kind": identifier.kind.value, "value": identifier.value} for identifier in identifiers])
    for line in table([(identifier.kind.value, identifier.value) for identifier in identifiers]):
        call.out.say(line)


def _add_place(call: Call) -> int:
    added: list[Place] = []
    missing = False
    for value in values(call, call.arguments.values, _(_ONE_A_LINE)):
        place = _place(call, value)
        if place.kind is PlaceKind.FOLDER and not Path(place.value).is_dir():
            call.out.problem(_("This is not a folder: {path}").format(path=value))
            missing = True
            continue
        if place.kind is PlaceKind.URL:
            call.out.note(_("The site can see your internet address and that PrivacyGuard asked."))
        call.session.personal.add([place.value])
        call.session.vault.add_place(place)
        added.append(place)
    _show_places(call, added)
    return NOT_ALL_DONE if missing else DONE


def _remove_place(call: Call) -> int:
    removed: list[Place] = []
    missing = False
    for value in values(call, call.arguments.values, _(_ONE_A_LINE)):
        place = _kept_place(call, value)
        if call.session.vault.remove_place(place):
            removed.append(place)
        else:
            call.out.problem(_("This place was not on the list: {path}").format(path=value))
            missing = True
    _show_places(call, removed)
    return NOT_ALL_DONE if missing else DONE


def _list_places(call: Call) -> int:
    places = list(call.session.vault.places())
    _show_places(call, places)
    if not places:
        call.out.say(_("No folder or page is named yet. Add one with: privacyguard place add FOLDER or URL"))
    return DONE


def _place(call: Call, written: str) -> Place:
    """The place in its one form. Raises :class:`PageNotTaken` for an address that is none of the public web."""
    from privacyguard.net.typed_pages import typed_page

    if "://" not in written:
        return Place(PlaceKind.FOLDER, str(Path(written).expanduser().absolute()))
    return Place(PlaceKind.URL, typed_page(written, call.session.settings.resolve))


def _kept_place(call: Call, written: str) -> Place:
    """The place as it is kept: an older version kept addresses as they were typed."""
    as_typed = Place(PlaceKind.URL, written)
    return as_typed if as_typed in call.session.vault.places() else _place(call, written)


def _show_places(call: Call, places: list[Place]) -> None:
    call.out.give([{"kind": place.kind.value, "value": place.value} for place in places])
    for line in table([(place.kind.value, place.value) for place in places]):
        call.out.say(line)
