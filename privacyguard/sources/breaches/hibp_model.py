"""How Have I Been Pwned describes a leak, "none", and trouble. API: https://haveibeenpwned.com/API/v3 (read 2026-10-04)."""

from privacyguard.errors import CodeRefused, ConnectionLost, NetworkIntercepted, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.breach import Breach
from privacyguard.net.reply import Reply
from privacyguard.sources.reading import a_day, a_flag, a_list, a_name, a_text, an_object, classes

BASE_URL = "https://haveibeenpwned.com/api/v3"
HOST = "haveibeenpwned.com"
TERMS_URL = "https://haveibeenpwned.com/API/v3#License"


class PlanTooSmall(CodeRefused):
    """The code is right, but its plan does not include what was asked."""

    title = N_("Your plan with this place does not include this search.")
    remedy = N_("Check again. If it stays so, look on their page which plan does.")


def parse_breaches(untrusted: object) -> list[Breach]:
    """The leaks in a reply; those that the service calls fabricated or retired are left out.

    Raises:
        UnexpectedReply: any field is not as the service's contract says.
    """
    return [breach for each in a_list(untrusted) if (breach := parse_breach(each)) is not None]


def breaches_by_name(untrusted: object) -> dict[str, Breach | None]:
    """The service's names, case folded, to the leaks in a reply; to None for those that :func:`parse_breaches` leaves out.

    Raises:
        UnexpectedReply: as there.
    """
    return {a_name(an_object(each).get("Name")).casefold(): parse_breach(each) for each in a_list(untrusted)}


def parse_breach(untrusted: object) -> Breach | None:
    """One leak, or None where the service says that it is fabricated or retired."""
    fields = an_object(untrusted)
    name = a_name(fields.get("Name"))
    if a_flag(fields.get("IsFabricated"), False) or a_flag(fields.get("IsRetired"), False):
        return None
    return Breach(
        name=name,
        title=a_text(fields.get("Title")) or name,
        domain=a_text(fields.get("Domain")).lower(),
        occurred_on=a_day(fields.get("BreachDate")),
        added_on=a_day(fields.get("AddedDate")),
        data_classes=classes(fields.get("DataClasses")),
        verified=a_flag(fields.get("IsVerified"), True),
        sensitive=a_flag(fields.get("IsSensitive"), False),
        spam_list=a_flag(fields.get("IsSpamList"), False),
        malware=a_flag(fields.get("IsMalware"), False) or a_flag(fields.get("IsStealerLog"), False),
    )


def is_none(reply: Reply) -> bool:
    """Whether this is the documented 404: without a body, or with the service's JSON. A network's own page is not.

    Raises:
        ConnectionLost, NetworkIntercepted, UnexpectedReply: a 404, but not that one.
    """
    if reply.status != 404:
        return False
    if not reply.body.strip() and "html" not in reply.content_type:
        if not reply.is_whole:
            raise ConnectionLost("an end that was not named")
        return True
    return an_object(reply.json()).get("statusCode") == 404


def refuse_other(reply: Reply) -> None:
    """Nothing where the reply may be read; else one of the errors. Raises :class:`SourceError`."""
    if reply.is_page or "html" in reply.content_type:
        raise NetworkIntercepted("a page instead of data")
    if reply.status == 403 and "does not have access" in reply.text():
        raise PlanTooSmall("403")
    if reply.status == 401:
        raise CodeRefused("401")
    if reply.status != 200:
        raise UnexpectedReply(f"status {reply.status}")
