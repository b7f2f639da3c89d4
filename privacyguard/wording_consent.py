"""The consent texts, by who it is for. A change of meaning needs a new version: it is kept with each consent."""

from dataclasses import dataclass

from privacyguard.i18n import N_
from privacyguard.model.person import Relation


@dataclass(frozen=True)
class ConsentText:
    """One page: its question, what it means, the boxes to tick (all needed for a face), the two answers of equal weight."""

    title: str
    paragraphs: tuple[tuple[str, str], ...]
    ticks: tuple[str, ...]
    yes: str
    no: str


_WHAT = (N_("What it is:"), N_("a list of numbers that describes the face. It is about as personal as a fingerprint."))
_WHERE = (
    N_("Where it stays:"),
    N_("only on this computer, in a locked file. The key is in this computer’s password store. We never receive it."),
)
_LONG = (N_("How long:"), N_("until you delete it. You can do that at any time."))
_WRONG = (N_("It can be wrong:"), N_("look-alikes, brothers, sisters and twins may be mixed up."))

ADULT = ConsentText(
    title=N_("May we make a face pattern from your photos?"),
    paragraphs=(
        _WHAT,
        (N_("Why:"), N_("to notice pictures that look like you.")),
        _WHERE,
        (
            N_("What else we keep:"),
            N_("a small cut of your face from each photo, locked in the same way. It is shown beside what we find."),
        ),
        _LONG,
        (N_("Who gets it:"), N_("nobody. A photo leaves only when you send it yourself, and we ask each time.")),
        _WRONG,
        (
            N_("Your choice:"),
            N_("you can say no and still use the leak check and all advice. You can delete the pattern at any time."),
        ),
    ),
    ticks=(
        N_(
            "I am 18 or over and this is my own face. I agree that PrivacyGuard makes my face pattern and keeps it here,"
            " with the small face cuts."
        ),
        N_("I agree that PrivacyGuard looks through the folders that I choose."),
    ),
    yes=N_("Add my face"),
    no=N_("Continue without my face"),
)
PARENT = ConsentText(
    title=N_("May we make a face pattern of your child?"),
    paragraphs=(
        ("", N_("You can do this only if you are the parent or legal guardian.")),
        ("", N_("Talk with your child first. If your child says no, please do not go on.")),
        (
            "",
            N_(
                "Children’s faces change quickly, and brothers and sisters look alike. So wrong matches are more common."
            ),
        ),
        _WHAT,
        _WHERE,
        (
            N_("Who gets it:"),
            N_(
                "nobody. Nothing about your child is sent anywhere. We look only in folders and in a public list of leaks."
            ),
        ),
        _LONG,
    ),
    ticks=(
        N_("I am the parent or legal guardian of this child."),
        N_("I explained this to my child in simple words, and my child agrees."),
        N_("I agree that PrivacyGuard looks through the folders that I choose."),
    ),
    yes=N_("Add my child’s face"),
    no=N_("Continue without a face"),
)
HELPED = ConsentText(
    title=N_("Is it all right to use your face?"),
    paragraphs=(
        ("", N_("Please let the person you help read this page.")),
        (
            "",
            N_("Somebody is helping you with PrivacyGuard. It would make a face pattern from your photos."),
        ),
        ("", N_("It would look through folders on this computer. Nothing is sent anywhere.")),
        _WHAT,
        _WHERE,
        _LONG,
        ("", N_("You can say no. You can delete it at any time.")),
    ),
    ticks=(
        N_("I am 18 or over, this is my own face, and I agree."),
        N_("I agree that PrivacyGuard looks through the folders that we choose."),
    ),
    yes=N_("Add my face"),
    no=N_("Continue without my face"),
)
UNDER_18 = ConsentText(
    title=N_("You can use most of PrivacyGuard"),
    paragraphs=(
        ("", N_("We do not make a face pattern for people under 18 without a parent.")),
        ("", N_("You can check for leaks, read what to do, and get help.")),
        ("", N_("Is somebody pressing you, or has a picture of you? This is not your fault. Open “Get help now”.")),
    ),
    ticks=(),
    yes="",
    no=N_("Continue"),
)


def consent_text(relation: Relation, is_adult: bool) -> ConsentText:
    """The page for this person."""
    if relation is Relation.MY_CHILD:
        return PARENT
    if relation is Relation.SOMEONE_I_HELP:
        return HELPED
    return ADULT if is_adult else UNDER_18
