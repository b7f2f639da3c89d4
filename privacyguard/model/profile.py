"""A profile on a site: an account under a name of the person's."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Profile:
    """An account that a site shows to everybody.

    ``site``: the name people know the site by; ``page``: the profile's address; ``user_name``: as the site has it;
    ``shown_name``: plain text from outside, untrusted, None where there is none; ``has_picture``: whether it shows a picture
    that its owner chose; ``source_id``: which source found it.
    """

    site: str
    page: str = field(repr=False)
    user_name: str = field(repr=False)
    shown_name: str | None = field(default=None, repr=False)
    has_picture: bool = False
    source_id: str = ""
