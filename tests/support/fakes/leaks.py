"""Leaks of our own making, in the form of Have I Been Pwned, and what its official test accounts are in.

Names and sites are invented, but for Adobe, which the test accounts are documented to be in. Each site is registered by
itself, so that one is not taken for another.
"""

from typing import Any

TEST_DOMAIN = "hibp-integration-tests.com"


def leak(name: str, domain: str, classes: list[str], day: str = "2026-05-04", **changes: Any) -> dict[str, Any]:
    """A leak in the form of Have I Been Pwned."""
    fields: dict[str, Any] = {
        "Name": name.replace(" ", ""),
        "Title": name,
        "Domain": domain,
        "BreachDate": day,
        "AddedDate": f"{day}T10:00:00Z",
        "ModifiedDate": f"{day}T10:00:00Z",
        "PwnCount": 474651,
        "Description": f'In 2026, <a href="https://{domain}">{name}</a> left a list <em>open</em>.',
        "LogoPath": f"https://logos.example.org/{name}.png",
        "Attribution": None,
        "DataClasses": classes,
        "IsVerified": True,
        "IsFabricated": False,
        "IsSensitive": False,
        "IsRetired": False,
        "IsSpamList": False,
        "IsMalware": False,
        "IsSubscriptionFree": False,
        "IsStealerLog": False,
    }
    return fields | changes


LEAKS = [
    leak("Adobe", "adobe.com", ["Email addresses", "Password hints", "Passwords", "Usernames"], "2013-10-04"),
    leak("Example Gym", "gym.example.org", ["Email addresses", "Names", "Passwords", "Photos"]),
    leak("Example Club", "club.example", ["Biometric data", "Email addresses"], "2026-02-01"),
    leak("Example Shop", "shop.example", ["Email addresses", "Physical addresses"], "2019-03-01"),
    leak("Example School", "school.example", ["Avatars", "Dates of birth", "Names"], "2025-11-11"),
    leak("Example Dating", "dating.example", ["Email addresses", "Private messages"], IsSensitive=True),
    leak("Example List", "", ["Email addresses"], "2024-01-09", IsSpamList=True, IsVerified=False),
    leak("Example Rumour", "rumour.example", ["Email addresses"], "2023-06-01", IsVerified=False),
    leak("Example Stealer", "", ["Email addresses", "Passwords"], "2025-01-02", IsStealerLog=True, IsMalware=True),
    leak("Example Free", "free.example", ["Email addresses"], "2022-02-02", IsSubscriptionFree=True),
    leak("Example Invented", "invented.example", ["Email addresses"], IsFabricated=True),
    leak("Example Withdrawn", "withdrawn.example", ["Email addresses"], IsRetired=True),
    *(leak(f"Example Site {n}", f"site{n}.example", ["Email addresses"], "2020-01-01") for n in range(40)),
]
BY_NAME = {each["Name"]: each for each in LEAKS}
TEST_ACCOUNTS = {
    "account-exists": ["Adobe"],
    "multiple-breaches": ["Adobe", "ExampleGym", "ExampleShop"],
    "not-active-and-active-breach": ["Adobe", "ExampleWithdrawn"],
    "not-active-breach": ["ExampleWithdrawn"],
    "opt-out": [],
    "opt-out-breach": [],
    "permanent-opt-out": [],
    "paste-sensitive-breach": ["ExampleDating"],
    "sensitive-and-other-breaches": ["ExampleDating", "Adobe", "ExampleShop"],
    "sensitive-breach": ["ExampleDating"],
    "spam-list-only": ["ExampleList"],
    "spam-list-and-others": ["Adobe", "ExampleList", "ExampleShop"],
    "stealer-log": ["ExampleStealer"],
    "subscription-free-and-other-breaches": ["Adobe", "ExampleFree", "ExampleShop"],
    "subscription-free-breach": ["ExampleFree"],
    "unverified-breach": ["ExampleRumour"],
}
"""What each is in. The search never answers with sensitive and retired ones."""


def paste(
    source: str, number: str, title: str | None = None, day: str | None = "2014-03-04T19:14:54Z"
) -> dict[str, Any]:
    """A text on a public page, in the form of Have I Been Pwned."""
    return {"Source": source, "Id": number, "Title": title, "Date": day, "EmailCount": 139}


TEST_PASTES = {
    "account-exists": [paste("Pastebin", "8Q0BvKD8", "syslog")],
    "paste-sensitive-breach": [paste("Pastebin", "7Qx0aKD1")],
}
"""The texts on public pages that hold each of them; which ones is not documented, how many is."""


def shown(names: list[str]) -> list[dict[str, Any]]:
    """The leaks of these names that a search by account answers with."""
    return [BY_NAME[name] for name in names if not BY_NAME[name]["IsSensitive"] and not BY_NAME[name]["IsRetired"]]
