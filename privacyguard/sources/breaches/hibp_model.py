"""The one form in which Have I Been Pwned describes a leak. API: https://haveibeenpwned.com/API/v3 (read 2026-10-04)."""

from privacyguard.model.breach import Breach
from privacyguard.sources.reading import a_day, a_flag, a_list, a_name, a_text, an_object, classes

BASE_URL = "https://haveibeenpwned.com/api/v3"
HOST = "haveibeenpwned.com"
TERMS_URL = "https://haveibeenpwned.com/API/v3#License"


def parse_breaches(untrusted: object) -> list[Breach]:
    """The leaks in a reply; those that the service calls fabricated or retired are left out.

    Raises:
        UnexpectedReply: any field is not as the service's contract says.
    """
    return [breach for each in a_list(untrusted) if (breach := parse_breach(each)) is not None]


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
