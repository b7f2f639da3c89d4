"""Who can help, by country. The facts with their source's confidence are in ``resources/help/helplines.json``."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from privacyguard.i18n import N_, _
from privacyguard.model.advice import Step

DATA = Path(__file__).resolve().parents[2] / "resources" / "help" / "helplines.json"
ELSEWHERE = "ZZ"
TAKE_IT_DOWN = "https://takeitdown.ncmec.org"
"""NCMEC's service for pictures from before somebody was 18. Not the US law, nor its complaint page, of the same name."""

STOP_NCII = "https://stopncii.org"
"""For people of 18 or over."""

_EU = frozenset("AT BE BG HR CY CZ DK EE FI GR HU LV LT LU MT PL PT RO SK SI SE".split())


@dataclass(frozen=True)
class Contact:
    """Somebody to turn to. ``link``: https, or None; ``phone``: as it is dialled, or None."""

    name: str
    phone: str | None = None
    link: str | None = None


@dataclass(frozen=True)
class HelpLines:
    """Who can help in one country. ``checked_on``: when the facts were last read."""

    country: str
    name: str
    emergency: Contact
    crime: Contact | None
    image_abuse: Contact
    data_authority: Contact | None
    child: Contact
    checked_on: str


def help_for(country: str, data: Path = DATA) -> HelpLines:
    """The help of a country by its two letters; the European Union's or the world's where we know no better."""
    known = _read(data)
    code = country.upper()
    if code not in known:
        code = "EU" if code in _EU else ELSEWHERE
    return known[code]


def countries(data: Path = DATA) -> tuple[tuple[str, str], ...]:
    """Code and name of each country we know, by name, the two that stand for many last."""
    known = [(code, _(lines.name)) for code, lines in _read(data).items()]
    return tuple(sorted(known, key=lambda pair: (pair[0] in {"EU", ELSEWHERE}, pair[1])))


def first_help(under_18: bool | None, threat_now: bool, already_online: bool, lines: HelpLines) -> tuple[Step, ...]:
    """What to do first when somebody has, fakes or threatens to show a picture. ``under_18`` None: not sure, taken as yes.

    Facts: advice-facts T2, T3, T11 and rules 0.1: danger comes first, nobody is told to pay, and nobody is ever told to
    keep a sexual picture of a person under 18. A contact is named once, even where a country has it for two purposes.
    """
    steps = [Step(_("In danger, or feel you cannot go on? Call now: {call}.").format(call=_call(lines.emergency)), 1)]
    if threat_now:
        steps.append(Step(_("Do not pay and do not send more, even if they set a time. Then stop answering."), 1))
        steps.append(Step(_("Did you pay already? You have not made it worse for good. You can stop now."), 1))
    steps.append(Step(_("Tell one person you trust. Ask them to do the next steps with you."), 5))
    steps += _steps_for_a_child(lines) if under_18 is not False else _steps_for_an_adult(already_online, lines)
    if lines.crime is not None:
        steps.append(Step(_("Report it: {call}.").format(call=_call(lines.crime)), 20, lines.crime.link))
    return tuple(steps)


def _steps_for_a_child(lines: HelpLines) -> Iterator[Step]:
    yield Step(_("Write down the link, the user name and the date. Do not open, copy or send the picture."), 5)
    if lines.child.link != TAKE_IT_DOWN:
        yield Step(_("Get help for people under 18: {call}.").format(call=_call(lines.child)), 15, lines.child.link)
    yield Step(
        _(
            "Take It Down by NCMEC helps some sites block a picture of someone under 18."
            " The picture stays on the device where it is."
        ),
        15,
        TAKE_IT_DOWN,
    )


def _steps_for_an_adult(already_online: bool, lines: HelpLines) -> Iterator[Step]:
    # The list comes first: a report can make the page go away, and with it what shows that it was there.
    yield Step(_("Make one list: full links, dates, user names. You may take screenshots."), 15)
    if already_online:
        yield Step(_("Report it on the site as a picture shared without your yes."), 10)
    yield Step(
        _("StopNCII makes a code of the picture, so that some sites can block it. The picture stays with you."),
        10,
        STOP_NCII,
    )
    if lines.image_abuse.link != STOP_NCII:
        yield Step(
            _("Talk to people who do this every day: {call}.").format(call=_call(lines.image_abuse)),
            20,
            lines.image_abuse.link,
        )


NOT_YOUR_FAULT = N_("This should not have happened to you, and it is not your fault.")


def _call(contact: Contact) -> str:
    return f"{_(contact.name)}, {contact.phone}" if contact.phone else _(contact.name)


@lru_cache(maxsize=4)
def _read(data: Path) -> Mapping[str, HelpLines]:
    content = json.loads(data.read_text(encoding="utf-8"))
    return {code: _lines(code, entry, content["checked_on"]) for code, entry in content["countries"].items()}


def _lines(code: str, entry: Mapping[str, Any], checked_on: str) -> HelpLines:
    def contact(kind: str) -> Contact | None:
        fields = entry.get(kind)
        return Contact(fields["name"], fields.get("phone"), fields.get("link")) if fields else None

    emergency, abuse, child = contact("emergency"), contact("image_abuse"), contact("child")
    if emergency is None or abuse is None or child is None:
        raise ValueError(f"help lines of {code} are not complete")
    return HelpLines(
        code, str(entry["name"]), emergency, contact("crime"), abuse, contact("data_authority"), child, checked_on
    )
