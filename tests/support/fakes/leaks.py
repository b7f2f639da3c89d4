"""Leaks of our own making, in the form of Have I Been Pwned, and what its official test accounts are in.

Names and sites are invented, but for Adobe, which the test accounts are documented to be in.
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
    leak("Example Club", "club.example.org", ["Biometric data", "Email addresses"], "2026-02-01"),
    leak("Example Shop", "shop.example.org", ["Email addresses", "Physical addresses"], "2019-03-01"),
    leak("Example School", "school.example.org", ["Avatars", "Dates of birth", "Names"], "2025-11-11"),
    leak("Example Dating", "dating.example.org", ["Email addresses", "Private messages"], IsSensitive=True),
    leak("Example List", "", ["Email addresses"], "2024-01-09", IsSpamList=True, IsVerified=False),
    leak("Example Rumour", "rumour.example.org", ["Email addresses"], "2023-06-01", IsVerified=False),
    leak("Example Stealer", "", ["Email addresses", "Passwords"], "2025-01-02", IsStealerLog=True, IsMalware=True),
    leak("Example Free", "free.example.org", ["Email addresses"], "2022-02-02", IsSubscriptionFree=True),
    leak("Example Invented", "invented.example.org", ["Email addresses"], IsFabricated=True),
    leak("Example Withdrawn", "withdrawn.example.org", ["Email addresses"], IsRetired=True),
    *(leak(f"Example Site {n}", f"site{n}.example.org", ["Email addresses"], "2020-01-01") for n in range(40)),
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


def shown(names: list[str]) -> list[dict[str, Any]]:
    """The leaks of these names that a search by account answers with."""
    return [BY_NAME[name] for name in names if not BY_NAME[name]["IsSensitive"] and not BY_NAME[name]["IsRetired"]]
