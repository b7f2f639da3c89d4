"""archived: whether an archive of the web has copies of what was found. It extends the list of commands in the design."""

from privacyguard.advice.archives import SENDS, copies_words, what_to_do
from privacyguard.checkup.archives import Archived, look_up, web_addresses, why_not
from privacyguard.commands.call import DONE, NOT_ALL_DONE, Call, Subparsers, cancellable
from privacyguard.commands.letters import finding_with
from privacyguard.errors import UsageError
from privacyguard.i18n import _
from privacyguard.model.archive import ArchiveCopies
from privacyguard.sources.base import ArchiveSource
from privacyguard.sources.wayback import Wayback
from privacyguard.wording_by_hand import remedy_by_hand


def add_to(commands: Subparsers) -> None:
    """The parser of this command."""
    does = _("ask an archive of the web for old copies of what was found")
    parser = commands.add("archived", does, _ask, more=_(SENDS))
    parser.add_argument("key", metavar="KEY", help=_("the finding, as in: privacyguard findings --json"))


def _ask(call: Call) -> int:
    finding = finding_with(call, call.arguments.key)
    person = call.session.vault.person(finding.person_id)
    refusal = why_not(person)
    if refusal is not None:
        call.out.problem(_(refusal))
        return NOT_ALL_DONE
    if not web_addresses(finding):
        raise UsageError(_("This finding has no address on the web."))
    source = call.session.source(Wayback.info.id)
    assert isinstance(source, ArchiveSource)
    if not call.session.is_on(source.info):
        call.out.problem(
            _("We may not ask {name} yet.").format(name=_(source.info.name)),
            _("To allow it: privacyguard source on {id}").format(id=source.info.id),
        )
        return NOT_ALL_DONE

    def told(done: int, count: int) -> None:
        call.out.progress(_("{done} of {count} asked about").format(done=done, count=count))

    with cancellable(call) as cancel:
        answer = look_up(finding, person, source, call.session.network.bind(source.info, cancel), told)
    return _tell(call, answer)


def _tell(call: Call, answer: Archived) -> int:
    call.out.give([_as_json(address, copies) for address, copies in answer.copies])
    for address, copies in answer.copies:
        call.out.say(address)
        call.out.say(f"  {copies_words(copies)}")
        if copies.newest:
            call.out.say(f"  {copies.newest}")
    if any(copies.has_any for _address, copies in answer.copies):
        for step in what_to_do():
            call.out.say(step)
    if answer.problem is None:
        return DONE
    call.out.problem(_(answer.problem.title), remedy_by_hand(answer.problem))
    return NOT_ALL_DONE


def _as_json(address: str, copies: ArchiveCopies) -> dict[str, object]:
    return {
        "address": address,
        "copies": copies.count,
        "more": copies.has_more,
        "first": copies.first_on.isoformat() if copies.first_on else None,
        "last": copies.last_on.isoformat() if copies.last_on else None,
        "newest": copies.newest or None,
        "hidden": copies.is_hidden,
    }
