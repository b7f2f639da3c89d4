"""How long a service's own pace makes a checkup wait, and the words for it."""

import math
from collections.abc import Sequence

from privacyguard.i18n import _, ngettext
from privacyguard.model.checkup import Outcome
from privacyguard.model.progress import Progress
from privacyguard.model.source import Limit

TOLD_FROM_S = 60.0
_MINUTE_S, _HOUR_S, _DAY_S = 60.0, 3600.0, 86400.0


def reason_to_wait(limits: Sequence[Limit], requests: int, remaining_s: float) -> Limit | None:
    """The limit because of which so many more requests take that long; None where no limit of these explains it.

    That is the shortest one which can: alone it makes requests wait for at most its time, once for each ``count`` of them.
    """
    able = [limit for limit in limits if math.ceil(requests / limit.count) * limit.seconds >= remaining_s]
    return min(able, key=lambda limit: limit.seconds, default=None)


def time_left(progress: Progress) -> str:
    """How long the rest takes, in words: "About 3 hours left."; "" up to a minute, or while it is not known."""
    if progress.remaining_s is None or progress.remaining_s <= TOLD_FROM_S:
        return ""
    return _("{time} left.").format(time=duration(progress.remaining_s))


def why_it_takes_time(progress: Progress) -> str:
    """How long the rest takes, why, and that nothing is lost; "" where :func:`time_left` says nothing."""
    if progress.remaining_s is None or progress.remaining_s <= TOLD_FROM_S:
        return ""
    left = duration(progress.remaining_s)
    if progress.limit is None:
        return _("{time} left. You can stop; the next checkup goes on.").format(time=left)
    words = _("{time} left, because we ask this place {rate} at most. You can stop; the next checkup goes on.")
    return words.format(time=left, rate=rate(progress.limit))


def duration(seconds: float) -> str:
    """A time that is still to come: minutes up to 90, then hours, days from two on. Rounded up, less than a tenth down."""
    if seconds <= 1.5 * _HOUR_S:
        count = _whole(seconds / _MINUTE_S)
        count = count if count <= 10 else 5 * _whole(count / 5)
        return ngettext("About {count} minute", "About {count} minutes", count).format(count=count)
    if seconds < 2 * _DAY_S:
        count = _whole(seconds / _HOUR_S)
        return ngettext("About {count} hour", "About {count} hours", count).format(count=count)
    count = _whole(seconds / _DAY_S)
    return ngettext("About {count} day", "About {count} days", count).format(count=count)


def rate(limit: Limit) -> str:
    """How often a place is asked at most, as "25 times an hour"."""
    count = limit.count
    words = {
        1.0: ngettext("{count} time a second", "{count} times a second", count),
        _MINUTE_S: ngettext("{count} time a minute", "{count} times a minute", count),
        _HOUR_S: ngettext("{count} time an hour", "{count} times an hour", count),
        _DAY_S: ngettext("{count} time a day", "{count} times a day", count),
    }.get(limit.seconds)
    if words is None:
        words = ngettext("{count} time in {seconds} seconds", "{count} times in {seconds} seconds", count)
    return words.format(count=count, seconds=f"{limit.seconds:g}")


def goes_on(seen: int, left: int) -> str:
    """Of a source that stopped in the middle: how far it came, and that this is not lost; "" of any other."""
    if not seen or not left:
        return ""
    words = _("Asked about so far: {seen} of {total}. The next checkup goes on from there.")
    return words.format(seen=seen, total=seen + left)


def why_not_done(outcome: Outcome) -> str:
    """Why a source was skipped or has failed, how far it came, and what to do, in words; "" of one that was checked."""
    texts = [_(outcome.problem or ""), goes_on(outcome.seen, outcome.left), _(outcome.remedy or "")]
    return " ".join(text for text in texts if text)


def _whole(amount: float) -> int:
    return max(1, math.ceil(amount - 0.1))
