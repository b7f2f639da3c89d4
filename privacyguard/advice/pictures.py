"""Advice about pictures that look like the person. Never an identity: "looks a lot like you"."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from privacyguard import wording, wording_pictures
from privacyguard.advice.context import Context
from privacyguard.i18n import _, ngettext
from privacyguard.model.advice import Advice, Level, Step
from privacyguard.model.checkup import Outcome
from privacyguard.model.finding import Finding
from privacyguard.model.person import Relation
from privacyguard.model.picture import Closeness, FaceMatch, PictureCopy

LONGEST_SITE = 60
"""Letters of a site's name that a sentence can bear."""


def swap_found(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """A picture in which a face may have been exchanged, on this computer or in a place of the web."""
    for finding in findings:
        evidence = finding.evidence
        if not isinstance(evidence, FaceMatch | PictureCopy) or evidence.swap is None:
            continue
        relation = context.relation_of(finding.person_id)
        steps = (
            Step(_("Have a look. Did you or a friend make this for fun? Then press “That’s OK”."), 2),
            Step(_("If not: write down where you found it and when. Keep the file."), 5),
        )
        yield Advice(
            key=f"swap:{finding.key}",
            level=Level.DO_THIS_WEEK,
            title=_("Look at a picture that may have a changed face"),
            why=f"{wording_pictures.swap(evidence.swap, relation)} {_('We cannot be sure.')}",
            steps=steps,
            answers=(finding.key,),
            later=_("If it is on a site: ask the site to take it down."),
            help_line=_sexual_or_fake(context.is_child(finding.person_id)),
            person_id=finding.person_id,
        )


def face_found(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """A face that looks like the person's, in a place of the web."""
    for finding in findings:
        match = finding.evidence
        if not isinstance(match, FaceMatch) or match.on_this_computer or match.swap is not None:
            continue
        child = context.is_child(finding.person_id)
        words = wording.closeness(match.closeness, context.relation_of(finding.person_id))
        why = _("A picture at {where} {words}. We cannot be sure.").format(
            where=_where(match.page or match.picture), words=words
        )
        is_copy = match.copy_distance is not None
        if is_copy:
            why = f"{why} {_('It looks the same as a picture you chose.')}"
        fine = (
            _("If it is your child and you both are fine with it, press “That’s OK”.")
            if child
            else _("If it is you and you are fine with it, press “That’s OK”.")
        )
        yield Advice(
            key=f"face:{finding.key}",
            level=Level.DO_THIS_WEEK if is_copy or match.closeness is Closeness.A_LOT else Level.GOOD_TO_KNOW,
            title=_("Look at a picture that {words}").format(words=words),
            why=why,
            steps=(Step(_("Have a look. The picture is blurred until you press Look."), 2), Step(fine, 1)),
            answers=(finding.key,),
            later=_("If you want it gone: ask the site to take it down."),
            help_line=_sexual_or_fake(child),
            person_id=finding.person_id,
        )


def copy_found(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """The same picture as one the person chose, in a place of the web."""
    for finding in findings:
        copy = finding.evidence
        if not isinstance(copy, PictureCopy) or copy.on_this_computer or copy.swap is not None:
            continue
        yield Advice(
            key=f"copy:{finding.key}",
            level=Level.DO_THIS_WEEK,
            title=_("One of the pictures you chose may be on another page"),
            why=_("A picture at {where} looks the same as one you chose.").format(
                where=_where(copy.page or copy.picture)
            ),
            steps=(Step(_("Open the finding and look if you know this page."), 2),),
            answers=(finding.key,),
            later=_("If you want it gone: ask the site to take it down."),
            help_line=_sexual_or_fake(context.is_child(finding.person_id)),
            person_id=finding.person_id,
        )


def _sexual_or_fake(child: bool) -> str:
    """The fifth line under a picture: where help is, and whose fault it is not."""
    if child:
        return _("Is it a sexual or fake picture? Open “Get help now”. Your child is not in trouble.")
    return _("Is it a sexual or fake picture? Open “Get help now”. This is not your fault.")


def own_folders(findings: Sequence[Finding], outcomes: Sequence[Outcome], context: Context) -> Iterator[Advice]:
    """Pictures on this computer: one quiet line for all of them."""
    by_person: dict[str, list[Finding]] = {}
    for finding in findings:
        evidence = finding.evidence
        if not isinstance(evidence, FaceMatch | PictureCopy) or evidence.swap is not None:
            continue
        if evidence.on_this_computer:
            by_person.setdefault(finding.person_id, []).append(finding)
    for person_id, here in by_person.items():
        count = len(here)
        yield Advice(
            key=f"folders:{person_id}",
            level=Level.GOOD_TO_KNOW,
            title=_may_show(count, context.relation_of(person_id)),
            why=_("They are in folders that you let us look through. That is often just right."),
            steps=(Step(_("Look through the list. Is there a picture that you did not expect?"), 5),),
            answers=tuple(finding.key for finding in here),
            later=_("You can do this on any day."),
            help_line=_("Is one of them a fake or a threat? Open “Get help now”."),
            person_id=person_id,
        )


def _may_show(count: int, relation: Relation) -> str:
    if relation is Relation.MY_CHILD:
        words = ngettext(
            "{count} picture on this computer may show your child",
            "{count} pictures on this computer may show your child",
            count,
        )
    elif relation is Relation.SOMEONE_I_HELP:
        words = ngettext(
            "{count} picture on this computer may show the person you help",
            "{count} pictures on this computer may show the person you help",
            count,
        )
    else:
        words = ngettext(
            "{count} picture on this computer may show you", "{count} pictures on this computer may show you", count
        )
    return words.format(count=count)


def _where(untrusted_place: str) -> str:
    """The site of an address, the only part that is short enough for a sentence."""
    try:
        host = urlsplit(untrusted_place).hostname
    except ValueError:
        host = None
    return host if host and host.isprintable() and len(host) <= LONGEST_SITE else _("a page")
