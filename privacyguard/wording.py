"""Enum to words, in the chosen language, for the window and the command line alike. Every function returns translated text."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from privacyguard.i18n import N_, _, ngettext
from privacyguard.model.breach import Breach
from privacyguard.model.checkup import Outcome, Status
from privacyguard.model.finding import Finding, FindingKind, MarkKind
from privacyguard.model.person import IdentifierKind, Relation
from privacyguard.model.picture import Closeness, FaceMatch, PictureCopy
from privacyguard.model.profile import Profile

_CLOSENESS = {
    (Closeness.A_LOT, Relation.ME): N_("looks a lot like you"),
    (Closeness.A_LITTLE, Relation.ME): N_("looks a little like you"),
    (Closeness.A_LOT, Relation.MY_CHILD): N_("looks a lot like your child"),
    (Closeness.A_LITTLE, Relation.MY_CHILD): N_("looks a little like your child"),
    (Closeness.A_LOT, Relation.SOMEONE_I_HELP): N_("looks a lot like the person you help"),
    (Closeness.A_LITTLE, Relation.SOMEONE_I_HELP): N_("looks a little like the person you help"),
}
_MARKS = {
    MarkKind.DONE: N_("Done"),
    MarkKind.FINE: N_("That’s OK"),
    MarkKind.NOT_ME: N_("Not me"),
    MarkKind.NOT_MINE: N_("I did not make it"),
    MarkKind.LATER: N_("Remind me"),
}
_STATUSES = {
    Status.CHECKED: N_("Checked"),
    Status.SKIPPED: N_("Not asked"),
    Status.FAILED: N_("Could not check"),
}
_RELATIONS = {
    Relation.ME: N_("Me"),
    Relation.MY_CHILD: N_("My child"),
    Relation.SOMEONE_I_HELP: N_("Someone I help"),
}
_IDENTIFIER_KINDS = {
    IdentifierKind.EMAIL: N_("E-mail address"),
    IdentifierKind.USERNAME: N_("User name"),
    IdentifierKind.SERVICE: N_("Service you use"),
    IdentifierKind.ORGANISATION: N_("Who has a photo of you"),
    IdentifierKind.NAME: N_("Name"),
    IdentifierKind.PHONE: N_("Phone number"),
}
_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
PRIVATE_SERVICE = N_("a service you may want to keep private")


def closeness(value: Closeness, relation: Relation = Relation.ME) -> str:
    """How alike, never a number."""
    return _(_CLOSENESS[value, relation])


def mark(value: MarkKind) -> str:
    """What the person decided."""
    return _(_MARKS[value])


def status(value: Status) -> str:
    """How a source's part ended."""
    return _(_STATUSES[value])


def ended(outcome: Outcome) -> str:
    """The same; of a source that was stopped in the middle, that it is not finished."""
    is_in_the_middle = outcome.status is Status.SKIPPED and outcome.left > 0
    return _("Not finished") if is_in_the_middle else status(outcome.status)


def relation(value: Relation) -> str:
    """Who a profile is for."""
    return _(_RELATIONS[value])


def identifier_kind(value: IdentifierKind) -> str:
    """What an identifier is."""
    return _(_IDENTIFIER_KINDS[value])


def breach_name(breach: Breach, hide_sensitive: bool = True) -> str:
    """The leak's name; a sensitive one only where it was asked for."""
    return _(PRIVATE_SERVICE) if breach.sensitive and hide_sensitive else breach.title


def finding_title(finding: Finding, relation_: Relation = Relation.ME, hide_sensitive: bool = True) -> str:
    """One line that names a finding in a list."""
    evidence = finding.evidence
    if isinstance(evidence, Breach):
        return _leak_title(evidence).format(name=breach_name(evidence, hide_sensitive))
    if isinstance(evidence, Profile):
        return _("A profile under your user name: {site}").format(site=evidence.site)
    if not isinstance(evidence, FaceMatch | PictureCopy):
        return _("Your photos tell more than they show")
    if evidence.swap is not None:
        return _("A face may have been changed in this picture")
    if isinstance(evidence, FaceMatch):
        words = closeness(evidence.closeness, relation_)
        return words[0].upper() + words[1:]
    return _("The same picture as one you chose")


def _leak_title(breach: Breach) -> str:
    """By the worst that leaked; of our own list of leaks of pictures by those, since they were the most of it."""
    if breach.paste:
        return _("In a text on a public page: {name}")
    if breach.malware:
        return _("Taken by a spying program: {name}")
    if breach.knows_no_addresses:
        return _("Pictures in a leak: {name}")
    if breach.has_passwords:
        return _("Password in a leak: {name}")
    if breach.has_documents:
        return _("Papers or bank details in a leak: {name}")
    if breach.has_pictures:
        return _("Pictures in a leak: {name}")
    return _("Details in a leak: {name}")


def told_by(names: Sequence[str]) -> str:
    """Which places say so, by the names on their cards; "" for none."""
    if len(names) < 2:
        return _("{name} says so.").format(name=names[0]) if names else ""
    return _("{names} and {last} say so.").format(names=", ".join(names[:-1]), last=names[-1])


def addresses_in_it(finding: Finding) -> str:
    """How many of the person's addresses a leak holds, where it is more than one; never which."""
    count = sum(subject.kind is IdentifierKind.EMAIL for subject in finding.subjects)
    words = ngettext("{count} of your addresses is in it.", "{count} of your addresses are in it.", count)
    return words.format(count=count) if count > 1 else ""


def grown(finding: Finding, hide_sensitive: bool = True) -> str:
    """What a leak turned out to hold as well; "" for nothing new. Of a very private service only that it is more."""
    if not finding.grown:
        return ""
    if hide_sensitive and isinstance(finding.evidence, Breach) and finding.evidence.sensitive:
        return _("New: it holds more than we told you before.")
    kinds = ", ".join(_inside_a_sentence(kind) for kind in finding.grown)
    return _("New: it also holds {kinds}.").format(kinds=kinds)


def _inside_a_sentence(untrusted_words: str) -> str:
    """With a small first letter, unless it is an abbreviation ("IP addresses")."""
    return untrusted_words[:1].lower() + untrusted_words[1:] if untrusted_words[1:2].islower() else untrusted_words


def video_time(seconds: float) -> str:
    """A place in a video as "0:07", "12:07" or "1:02:07"."""
    hours, rest = divmod(int(seconds), 3600)
    minutes_, rest = divmod(rest, 60)
    return f"{hours}:{minutes_:02}:{rest:02}" if hours else f"{minutes_}:{rest:02}"


def finding_kind(value: FindingKind) -> str:
    """What a finding is about."""
    names = {
        FindingKind.BREACH: _("Leak"),
        FindingKind.FACE: _("Face"),
        FindingKind.COPY: _("Same picture"),
        FindingKind.PROFILE: _("Profile"),
        FindingKind.HIDDEN: _("Hidden details"),
    }
    return names[value]


def day(value: date) -> str:
    """A date as "4 May 2026"."""
    return _("{day} {month} {year}").format(day=value.day, month=_(_MONTHS[value.month - 1]), year=value.year)


def month(value: date) -> str:
    """A month as "May 2026"."""
    return _("{month} {year}").format(month=_(_MONTHS[value.month - 1]), year=value.year)


def moment(value: datetime, now: datetime) -> str:
    """A time as "today, 09:12", "yesterday, 09:12" or "4 May 2026, 09:12", in the zone of ``now``."""
    local = value.astimezone(now.tzinfo)
    clock = f"{local:%H:%M}"
    if local.date() == now.date():
        return _("today, {clock}").format(clock=clock)
    if local.date() == now.date() - timedelta(days=1):
        return _("yesterday, {clock}").format(clock=clock)
    return _("{day}, {clock}").format(day=day(local.date()), clock=clock)


def minutes(value: int) -> str:
    """How long a step takes, about. Our own estimates, never a promise; 0 is something to do before all else."""
    if value == 0:
        return _("now")
    if value % 60 == 0:
        hours = value // 60
        return ngettext("about {count} hour", "about {count} hours", hours).format(count=hours)
    return ngettext("about {count} minute", "about {count} minutes", value).format(count=value)


def answered(done: int, asked: int) -> str:
    """How many places answered."""
    return ngettext("{done} of {count} place answered", "{done} of {count} places answered", asked).format(
        done=done, count=asked
    )


def size(value: int) -> str:
    """A number of bytes."""
    if value < 10_000:
        return ngettext("{count} byte", "{count} bytes", value).format(count=value)
    if value < 10_000_000:
        return _("{count} kB").format(count=round(value / 1000))
    return _("{count} MB").format(count=round(value / 1_000_000))
