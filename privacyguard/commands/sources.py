"""key, sources and source: who is asked, the codes (API keys) of those that need one, and servers of the person's own."""

import getpass
from collections.abc import Sequence

from privacyguard.commands.call import DONE, NOT_ALL_DONE, Call, Subparsers, cancellable, values
from privacyguard.commands.output import yes_no
from privacyguard.commands.statement import why_no_faces
from privacyguard.errors import AddressRefused, SourceError, UsageError, VaultInUse
from privacyguard.i18n import N_, _
from privacyguard.model.source import SourceInfo
from privacyguard.net.settings import server_as_typed
from privacyguard.session import key_entry
from privacyguard.sources.base import KeyTester, Source
from privacyguard.wording_by_hand import remedy_by_hand

MAX_CODE = 512
"""Characters. The longest code of a service that we know has 64."""

_STDIN = N_("The code is read from standard input, or asked for without showing it. It is kept in the password store.")


def add_to(commands: Subparsers) -> None:
    """The parsers of these commands."""
    parts = commands.group(commands.add("key", _("the codes (API keys) of places that need one")))
    for name, does, run in (
        ("set", _("keep the code of a place"), _set_key),
        ("remove", _("erase the code of a place"), _remove_key),
        ("test", _("ask the place whether it takes the code"), _test_key),
    ):
        parser = parts.add(name, does, run, more=_(_STDIN) if name == "set" else "")
        parser.add_argument("source", metavar="SOURCE", help=_("its id, as in: privacyguard sources"))
    commands.add("sources", _("show the places that can be asked, and what each one is told"), _list_sources)
    parts = commands.group(commands.add("source", _("switch a place on or off")))
    for name, does, run in (("on", _("ask this place"), _switch_on), ("off", _("do not ask this place"), _switch_off)):
        parts.add(name, does, run).add_argument("source", metavar="ID", help=_("its id, as in: privacyguard sources"))
    parser = parts.add("base", _("name the server of your own that a place asks"), _base)
    parser.add_argument("source", metavar="ID", help=_("its id, as in: privacyguard sources"))
    parser.add_argument(
        "address", nargs="?", metavar="ADDRESS", help=_("https://…, or - to read it; without it: show it")
    )
    parser.add_argument("--remove", action="store_true", help=_("forget the address"))
    parser.add_argument("--yes", action="store_true", help=_("do not ask again"))


def _set_key(call: Call) -> int:
    source = _with_code(call)
    if call.stdin.isatty():
        code = getpass.getpass(_("The code (it is not shown): "))
    else:
        code = call.stdin.readline(MAX_CODE + 2)
    code = code.strip()
    # Anything else cannot be part of a request's header, and is a slip of the clipboard.
    if not code or len(code) > MAX_CODE or not code.isascii() or not code.isprintable() or " " in code:
        raise UsageError(_("This is not a code: it is empty, too long, or holds spaces."))
    call.session.personal.add([code])
    call.session.save_api_key(source.info.id, code)
    return _answer(call, source, True, _("The code is kept in the password store."))


def _remove_key(call: Call) -> int:
    source = _with_code(call)
    had_one = call.session.api_key(source.info.id) is not None
    if had_one:
        call.session.keys.delete(key_entry(source.info.id))
    return _answer(call, source, True, _("The code was erased.") if had_one else _("There was no code."))


def _test_key(call: Call) -> int:
    source = _with_code(call)
    if not isinstance(source, KeyTester):
        kept = call.session.api_key(source.info.id) is not None
        words = _("A code is kept. This place can only try it with a search.") if kept else _("There is no code yet.")
        return _answer(call, source, kept, words)
    code = call.session.api_key(source.info.id)
    if code is None:
        return _answer(call, source, False, _("There is no code yet."))
    call.session.personal.add([code])
    with cancellable(call) as cancel:
        try:
            detail = source.test_key(call.session.network.bind(source.info, cancel, code))
        except SourceError as error:
            return _answer(call, source, False, f"{_(error.title)} {remedy_by_hand(error)}")
    return _answer(call, source, True, detail)


def _with_code(call: Call) -> Source:
    source = call.session.source(call.arguments.source)
    if not source.info.needs_key:
        raise UsageError(_("This place needs no code."))
    return source


def _answer(call: Call, source: Source, ok: bool, detail: str) -> int:
    call.out.give({"source": source.info.id, "ok": ok, "detail": detail})
    call.out.say(detail)
    return DONE if ok else NOT_ALL_DONE


def _list_sources(call: Call) -> int:
    _show(call, [source.info for source in call.session.sources])
    return DONE


def _show(call: Call, cards: Sequence[SourceInfo]) -> None:
    answer = []
    for info in cards:
        on, ready = call.session.is_on(info), _is_ready(call, info)
        card = {"id": info.id, "name": _(info.name), "finds": _(info.finds), "discloses": _(info.discloses)}
        answer.append({**card, "needs_key": info.needs_key, "on": on, "ready": ready})
        call.out.say(f"{info.id}: {_(info.name)}")
        call.out.say("  " + _("What it finds: {finds}").format(finds=_(info.finds)))
        call.out.say("  " + _("What leaves this computer: {what}").format(what=_(info.discloses) or _("nothing")))
        if info.keeps:
            call.out.say("  " + _("What it keeps: {keeps}").format(keeps=_(info.keeps)))
        call.out.say("  " + _("Cost: {cost}").format(cost=_(info.cost)))
        if info.own_server and ready:
            server = call.session.settings.bases.get(info.id) or call.session.server_of(info.id)
            call.out.say("  " + _("Your server: {address}").format(address=server))
        known = _("not known while PrivacyGuard is open") if ready is None else yes_no(ready)
        call.out.say("  " + _("On: {on}. Ready: {ready}.").format(on=yes_no(on), ready=known))
    call.out.give(answer)
    why = why_no_faces(call, cards)
    if why is not None:
        call.out.note(why)


def _is_ready(call: Call, info: SourceInfo) -> bool | None:
    """Whether the place could be asked; None where only the locked file says so, and another PrivacyGuard has it open."""
    try:
        return call.session.is_ready(info)
    except VaultInUse:
        return None


def _base(call: Call) -> int:
    info = call.session.source(call.arguments.source).info
    if not info.own_server:
        raise UsageError(_("This place has servers of its own."))
    if call.arguments.remove:
        if call.arguments.address is not None:
            raise UsageError(_("--remove takes no address."))
        call.session.confirm_server(info.id, "")
    elif call.arguments.address is not None:
        (text,) = values(call, [call.arguments.address], _("The address:"))[:1]
        address = _checked(text)
        if not call.arguments.yes and not _said_yes(call, address):
            return UsageError.exit_code
        call.session.confirm_server(info.id, address)
    server = call.session.server_of(info.id)
    call.out.give({"source": info.id, "base": server})
    call.out.say(_("No server is named.") if server is None else _("Your server: {address}").format(address=server))
    return DONE


def _checked(text: str) -> str:
    """The address in its one form. Raises :class:`UsageError` with why it cannot be asked."""
    try:
        return server_as_typed(text)
    except AddressRefused:
        words = _("This address cannot be asked. Write https://…, or http://… for a server in your home network.")
        raise UsageError(words) from None


def _said_yes(call: Call, address: str) -> bool:
    call.out.note(
        _("This server will learn your name at each search, and see where you ask from: {address}").format(
            address=address
        )
    )
    if address.startswith("http:"):
        call.out.note(_("Nothing is locked on the way there (http). That is for your home network only."))
    if not call.stdin.isatty():
        call.out.problem(_("Nothing was changed. Add --yes to keep the address without a question."))
        return False
    call.out.note(_("Is it yours, or of someone you trust? To keep it, type yes:"))
    answer = call.stdin.readline().strip().casefold()
    if answer not in ("yes", _("yes").casefold()):
        call.out.note(_("Nothing was changed."))
        return False
    return True


def _switch_on(call: Call) -> int:
    return _switch(call, True)


def _switch_off(call: Call) -> int:
    return _switch(call, False)


def _switch(call: Call, on: bool) -> int:
    info = call.session.source(call.arguments.source).info
    call.session.switch({info.id: on})
    _show(call, [info])
    if on and not _is_ready(call, info):
        words = _("It needs a code. Add it with: privacyguard key set {id}")
        if info.own_server:
            words = _("It needs a server. Name it with: privacyguard source base {id} ADDRESS")
        call.out.note(words.format(id=info.id))
    return DONE
