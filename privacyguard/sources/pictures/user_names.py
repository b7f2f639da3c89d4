"""User names as the sites know them, and reading what a site says of an account."""

import re

from privacyguard.errors import SourceError
from privacyguard.i18n import N_
from privacyguard.model.person import IdentifierKind
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.reading import a_text

NAME_AT_MOST = 100
"""Characters of a name that an account shows."""


class NoUsableName(SourceError):
    """None of the person's user names has the form of this place's. Nobody was asked; that is no "nothing found"."""

    title = N_("None of your user names has the form that this place uses.")
    remedy = N_("Add one that has it under “My details”, or switch this place off.")


def user_names(query: PictureQuery, form: re.Pattern[str]) -> tuple[str, ...]:
    """The person's user names that can be an account's at a place, without the "@" in front, each once.

    Args:
        query: of the person.
        form: what a whole user name of this place looks like.

    Raises:
        NoUsableName: there is none.
    """
    typed = [each.value.removeprefix("@") for each in query.identifiers if each.kind is IdentifierKind.USERNAME]
    fitting = tuple({name.casefold(): name for name in reversed(typed) if form.fullmatch(name)}.values())[::-1]
    if not fitting:
        raise NoUsableName("form")
    return fitting


def shown_name(untrusted: object) -> str | None:
    """The name that an account shows, as plain text; None where it shows none. Raises :class:`UnexpectedReply`."""
    return (a_text(untrusted, NAME_AT_MOST) or None) if untrusted is not None else None
