"""Every screen, filled with invented data: for the standing tests and for the pictures of the screens."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtWidgets import QApplication, QWidget

from privacyguard.checkup.web_faces import FACE_SEARCH
from privacyguard.errors import PasswordStoreLocked
from privacyguard.model.advice import Level
from privacyguard.model.person import Identifier, IdentifierKind, Relation
from privacyguard.model.upload import Preview
from privacyguard.sources.pictures.facecheck import FaceCheck
from privacyguard.ui.main_window import (
    CLEAN,
    DETAILS,
    DISCLOSURES,
    FINDINGS,
    HELP,
    HOME,
    PASSWORDS,
    SETTINGS,
    STATEMENT,
    WHERE,
    MainWindow,
)
from privacyguard.ui.main_window import LETTER as LETTER_PAGE
from privacyguard.ui.pages.clean import CleanRow, CleanView
from privacyguard.ui.pages.source_views import (
    Group,
    ReadyPhoto,
    SendingView,
    SourceCard,
    SourcesView,
    StatementView,
)
from privacyguard.ui.pages.views import (
    PICTURE_DECISIONS,
    DetailsView,
    DisclosureRow,
    DisclosuresView,
    FindingDetail,
    FindingRow,
    HomeView,
    LetterView,
    OrganisationRow,
    PasswordResult,
    PasswordsView,
    PersonView,
    StateCount,
    StepRow,
)
from privacyguard.ui.wizard.views import (
    LookingRow,
    PhotoRow,
    ResultsView,
    Step,
    WhoChoice,
    WizardState,
)
from tests.gui.found_on_the_web import SCREENS as FOUND_SCREENS
from tests.gui.guard_screens import GUARD_SCREENS, LOCKED_STORE, ON
from tests.gui.licence_screens import LICENCE_SCREENS
from tests.gui.visits_screens import VISIT_SCREENS
from tests.support.drawn_faces import drawn_face

NOW = datetime(2026, 5, 18, 9, 12, tzinfo=UTC)
PROMISE = "Nobody can search the whole internet, so this is not a promise. You can stop here for today."
STEPS = (
    StepRow(
        Level.DO_TODAY,
        "Change your password for Example Gym",
        "Your e-mail address was in a leak at Example Gym (May 2026). Strangers may know your address and your password.",
        "about 10 minutes",
        "breach-1",
    ),
    StepRow(
        Level.DO_THIS_WEEK,
        "Ask Example Gym which pictures leaked",
        "Strangers may have a picture of you.",
        "about 10 minutes",
        "breach-1",
    ),
    StepRow(
        Level.DO_THIS_WEEK,
        "Look at a picture that looks a lot like you",
        "A picture at running-club.example looks a lot like you. We cannot be sure.",
        "about 2 minutes",
        "face-1",
    ),
)
HOME_VIEW = HomeView(
    Level.DO_TODAY,
    "1 thing to do today",
    "Then there are 2 more.",
    STEPS,
    "Last check: today, 09:12",
    (
        StateCount(Level.NOTHING_FOUND, "in 2 places: Folders on this computer, XposedOrNot"),
        StateCount(Level.GOOD_TO_KNOW, "2 places had something: List of all known leaks, Google Vision"),
        StateCount(Level.COULD_NOT_CHECK, "Gravatar: This place did not answer in time."),
    ),
    PROMISE,
)
ROWS = (
    FindingRow("breach-1", Level.DO_TODAY, "Password in a leak: Example Gym", "May 2026", "leaks"),
    FindingRow("face-1", Level.DO_THIS_WEEK, "Looks a lot like you", "running-club.example", "pictures"),
    FindingRow(
        "face-2", Level.DO_THIS_WEEK, "A face may have been changed in this picture", "on this computer", "pictures"
    ),
    FindingRow("breach-2", Level.GOOD_TO_KNOW, "Details in a leak: Example Shop", "March 2019", "leaks"),
)
FACE_DETAIL = FindingDetail(
    key="face-1",
    level=Level.DO_THIS_WEEK,
    title="A picture here looks a lot like you",
    why="It may be you, or someone who looks like you. We cannot be sure.",
    first="Have a look. If you are fine with it, press “That’s OK”.",
    first_minutes="about 2 minutes",
    later="Can wait: If you want it gone: ask the site to take it down.",
    help_line="Is it a sexual or fake picture? Open “Get help now”. This is not your fault.",
    reason="Why you see this: Google Vision had it. First seen 18 May 2026, last seen today, 09:12.",
    cut=drawn_face(1),
    own_cut=drawn_face(0),
    own_caption="From your photos",
    is_picture=True,
    decisions=PICTURE_DECISIONS,
    place="https://running-club.example/page-3",
)
SWAP_DETAIL = FindingDetail(
    key="face-2",
    level=Level.DO_THIS_WEEK,
    title="A face may have been changed in this picture",
    why="The same picture is also here with another face. One may be a fake. We cannot be sure.",
    first="Have a look. Did you or a friend make this for fun? Then press “That’s OK”.",
    first_minutes="about 2 minutes",
    later="Can wait: If it is on a site: ask the site to take it down.",
    help_line="Is it a sexual or fake picture? Open “Get help now”. This is not your fault.",
    reason="Why you see this: Folders on this computer had it. First seen 18 May 2026, last seen today, 09:12.",
    cut=drawn_face(1),
    own_cut=drawn_face(0),
    own_caption="From your photos",
    is_picture=True,
    decisions=PICTURE_DECISIONS,
    place="/home/jane/Downloads/party.mp4, at 1:07",
)
LEAK_DETAIL = FindingDetail(
    key="breach-1",
    level=Level.DO_TODAY,
    title="Password in a leak: Example Gym",
    why="Your e-mail address was in a leak at Example Gym (May 2026). Strangers may know your address and your password.",
    first="Change the password for Example Gym, and anywhere you used the same one.",
    first_minutes="about 10 minutes",
    later="Can wait: ask Example Gym to delete what it does not need.",
    help_line="Need a person? Your data office can help.",
    reason="Why you see this: XposedOrNot had it. First seen 18 May 2026, last seen today, 09:12.",
    said_by="Have I Been Pwned and XposedOrNot say so. It is the same leak.",
    addresses=("jane@example.org", "jane+gym@mail.example.org"),
    news="It also holds: Passwords, Profile photos.",
    credits=(
        ("Data: Have I Been Pwned (CC BY 4.0)", "https://haveibeenpwned.com/"),
        ("Data: XposedOrNot", "https://xposedornot.com/"),
    ),
    tests_passwords=True,
    recipient="Example Gym",
)
IDENTIFIERS = (
    Identifier(IdentifierKind.EMAIL, "jane@example.org"),
    *(Identifier(IdentifierKind.SERVICE, f"shop-{n}.example.org") for n in range(1, 24)),
    Identifier(IdentifierKind.ORGANISATION, "Example Gym"),
)
ORGANISATIONS = (
    OrganisationRow("Example Gym", "No letter yet", False, "There was a leak there. See the page Findings."),
    OrganisationRow(
        "School at the lake",
        "Asked on 3 May 2026, answer due by 3 June 2026.",
        False,
        "It is in no list of leaks that we know. Leaks of pictures are often in no list.",
        "letter-1",
    ),
    OrganisationRow(
        "Rowing club", "Asked on 3 March 2026. The answer is late: it was due by 3 April 2026.", True, "", "letter-2"
    ),
)
LETTER = LetterView(
    "Example Gym",
    (("what-do-you-hold", "Ask what they hold"), ("delete", "Ask them to delete it")),
    "what-do-you-hold",
    (("CH", "Switzerland"), ("GB", "United Kingdom")),
    "GB",
    "What do you hold about me?\n\nTo: Example Gym\n\nPlease tell me which data and which pictures of me you hold.\n\n"
    + "A line of it. " * 60,
    "UK GDPR. We last looked on 2 May 2026. This is general information, not legal advice.",
    "If you send it today, an answer is due by 18 June 2026.",
)
PASSWORDS_VIEW = PasswordsView(
    "Pwned Passwords", "We send the first 5 of 40 signs of a fingerprint, never the password. It is free.", True
)
PASSWORD_RESULTS = (
    PasswordResult("shop.example.org: its password is in the list, 37,359 times. Change it there.", True),
    PasswordResult("club.example.org: its password is in the list, 1 time. Change it there.", True),
    PasswordResult("41 passwords are not in the list. Nobody has every list, so this is not a promise.", False),
    PasswordResult("3 passwords were not tested.", None),
)
_PHOTO = "a photo that you choose, and your code"
_OWN_CODE = "You need a code of your own."
SOURCES = (
    SourceCard(
        "folders",
        Group.COMPUTER,
        "Folders on this computer",
        "Pictures and videos that look like you, in folders that you choose.",
        "",
        "Free",
        True,
        has_folders=True,
    ),
    SourceCard(
        "catalogue",
        Group.LEAKS,
        "List of all known leaks",
        "Leaks at the services that you name.",
        "nothing personal",
        "Free",
        True,
        credit="Data: Have I Been Pwned (CC BY 4.0)",
        credit_url="https://haveibeenpwned.com/",
    ),
    SourceCard(
        "hibp",
        Group.LEAKS,
        "Have I Been Pwned",
        "Leaks that hold your e-mail address.",
        "your full e-mail address and your code",
        _OWN_CODE,
        True,
        needs_key=True,
        has_key=True,
        can_test_key=True,
        key_words="Your code works. Plan: Core 1. You can ask 10 times a minute. We send your full address.",
        key_url="https://haveibeenpwned.com/API/Key",
        credit="Data: Have I Been Pwned (CC BY 4.0)",
        credit_url="https://haveibeenpwned.com/",
    ),
    SourceCard(
        "xposedornot",
        Group.LEAKS,
        "XposedOrNot",
        "Leaks that hold your e-mail address.",
        "your full e-mail address",
        "Free",
        False,
    ),
    SourceCard(
        "pages",
        Group.PAGES,
        "Web pages you name",
        "Pictures of you on pages and sites that you name.",
        "that your computer asked for the page",
        "Free",
        True,
        has_pages=True,
    ),
    SourceCard(
        "gravatar",
        Group.PROFILES,
        "Gravatar",
        "Your profile picture.",
        "a code made from your e-mail address",
        "Free",
        True,
        note="We look for it on the web from 2 December 2026, 09:12 on.",
    ),
    SourceCard(
        "whatsmyname",
        Group.PROFILES,
        "Sites that have your user name",
        "Profiles with a picture, on 50 sites.",
        "your user name, to each site",
        "Free",
        False,
        credit="List of sites: WhatsMyName (CC BY-SA 4.0), unchanged",
        credit_url="https://github.com/WebBreacher/WhatsMyName",
    ),
    SourceCard(
        "searxng",
        Group.NAME,
        "SearXNG",
        "Pictures that are found by your name.",
        "your name",
        "Free",
        True,
        own_server=True,
        server="https://search.example.org",
    ),
    SourceCard(
        "google-vision",
        Group.PHOTO,
        "Google Vision",
        "Pages that show the same picture.",
        _PHOTO,
        _OWN_CODE,
        True,
        needs_key=True,
        sends_pictures=True,
    ),
    SourceCard(
        "tineye",
        Group.PHOTO,
        "TinEye",
        "Pages that show the same picture.",
        _PHOTO,
        _OWN_CODE,
        False,
        needs_key=True,
        sends_pictures=True,
    ),
    SourceCard(
        "facecheck",
        Group.FACE,
        "FaceCheck.ID",
        "Pages with faces like yours.",
        _PHOTO,
        _OWN_CODE,
        False,
        why_not="We ask this place only for people who are 18 or over.",
        needs_key=True,
        sends_pictures=True,
    ),
)
CLEANED = CleanView(
    (
        CleanRow(
            "beach.jpg",
            (
                "It tells:",
                "• where it was taken: 47.36667, 8.55000",
                "• when it was taken: 18 May 2026, 09:12",
                "• which phone or camera took it: Example Phone 7",
            ),
            "Cleaned copy: /home/jane/Documents/Cleaned copies/beach-clean.jpg",
        ),
        CleanRow("garden.png", ("We found nothing hidden in this photo.",)),
        CleanRow("party.mp4", ("We cannot clean videos.",)),
    ),
    True,
    "Done. Your photos stay as they are.",
)
WATCHED = ("https://running-club.example/gallery", "https://school.example/news/2025")
SOURCES_VIEW = SourcesView(SOURCES, ("/home/jane/Pictures",), WATCHED)
SENDING = SendingView(
    "tineye",
    "TinEye",
    _PHOTO,
    "Bundles from 200 US dollars, as we last saw in May 2026.",
    "TinEye says that it does not keep the photo after the search.",
    "https://tineye.com/terms",
    2,
    3,
    tuple(drawn_face(n, 80) for n in range(3)),
)
FACE_SENDING = replace(
    SENDING,
    source_id="facecheck",
    name=FaceCheck.info.name,
    discloses=FaceCheck.info.discloses,
    cost=FaceCheck.info.cost,
    keeps=FaceCheck.info.keeps,
    terms_url=FaceCheck.info.terms_url,
    place=1,
    places=1,
    face_words=tuple(words.format(name="FaceCheck.ID") for words in FACE_SEARCH),
)
DRAWN = drawn_face(0, 240)
READY = ReadyPhoto(0, Preview(DRAWN.width, DRAWN.height, DRAWN.rgb, 1280, 1280), "214 kB")
STATEMENT_VIEW = StatementView("This is my own face. I am 18 or over.")
WAITING_VIEW = StatementView(
    STATEMENT_VIEW.sentence,
    "This is another face than before, so there is a wait of 7 days. We look for it on the web from 2 December 2026, 09:12"
    " on. A check at the camera instead of the wait comes later.",
)
PHOTOS = (
    PhotoRow(0, "Good", "Clear and well lit", True, cut=drawn_face(0, 80)),
    PhotoRow(1, "Too dark", "We can use it, a better one helps more.", True, True, cut=drawn_face(1, 80)),
    PhotoRow(
        2,
        "Several people here",
        "There are several people here. Which one is you?",
        False,
        True,
        faces=(drawn_face(2), drawn_face(3)),
    ),
    PhotoRow(3, "Looking at it…", "", is_busy=True),
)
STATE = WizardState(WhoChoice(Relation.ME, True), True, PHOTOS, 2, False, IDENTIFIERS, SOURCES_VIEW)
LOOKING = (
    LookingRow("folders", "Folders on this computer", "240 looked at, 3 found", True),
    LookingRow("catalogue", "List of all known leaks", "Done. 2 looked at, 1 found"),
    LookingRow("xposedornot", "XposedOrNot", "1 looked at, 0 found", True, fraction=0.5),
    LookingRow("gravatar", "Gravatar", "This did not work. The others go on.", is_failed=True),
    LookingRow("google-vision", "Google Vision", "Waiting"),
)
RESULTS = ResultsView(
    Level.DO_TODAY,
    "1 thing to do today",
    STEPS,
    "2 more are on the page Findings.",
    ("Gravatar: This place did not answer in time.", "Google Vision: This place is switched off."),
    "6 requests, 4310 bytes, to 3 places.",
    PROMISE,
)
DETAILS_VIEW = DetailsView(
    (
        PersonView(
            "p",
            "You",
            "Me",
            "Face pattern from 3 photos, made on 18 May 2026.",
            "You agreed on 18 May 2026.",
            True,
            tuple(drawn_face(n, 80) for n in range(3)),
        ),
    ),
    IDENTIFIERS,
    ("/home/jane/Pictures",),
    "Kept in one locked file. Its key is in the password store of this computer.",
    ORGANISATIONS,
)
DISCLOSURES_VIEW = DisclosuresView(
    (("0", "photos sent, by you"), ("1", "time an e-mail address was sent"), ("2", "short codes and public requests")),
    (
        DisclosureRow("today, 09:12", "api.xposedornot.com", "your full e-mail address", "leak check", "212 bytes"),
        DisclosureRow("today, 09:12", "haveibeenpwned.com", "nothing personal", "list of all leaks", "148 bytes"),
        DisclosureRow("today, 09:12", "api.pwnedpasswords.com", "nothing personal", "leak check", "148 bytes"),
        DisclosureRow(
            "today, 09:11",
            "a-rather-longwindedphotographyclubofmiddletown.example",
            "nothing personal",
            "page",
            "1.2 MB",
        ),
        DisclosureRow(
            "today, 09:11", "gravatar.com", "a code made from your e-mail address", "profile picture", "190 bytes"
        ),
    ),
    "5 requests, 1.2 MB, to 5 places.",
    (("xposedornot", "XposedOrNot"), ("catalogue", "List of all known leaks"), ("gravatar", "Gravatar")),
    (("your full e-mail address", "your full e-mail address"), ("nothing personal", "nothing personal")),
    (("2026-05-18", "18 May 2026"),),
    True,
)


def filled_window() -> MainWindow:
    """The window with invented data on every page."""
    window = MainWindow("GB")
    window.add_pages()
    window.home.show_view(HOME_VIEW)
    window.home.regular.show_view(ON)
    window.settings.show_view(ON)
    window.wizard.results.regular.show_view(LOCKED_STORE)
    window.findings.show_rows(ROWS)
    window.findings.show_detail(FACE_DETAIL)
    window.details.show_view(DETAILS_VIEW)
    window.disclosures.show_view(DISCLOSURES_VIEW)
    window.letter.show_view(LETTER)
    window.passwords.show_view(PASSWORDS_VIEW)
    window.wizard.show_state(STATE)
    window.where.sources.show_view(SOURCES_VIEW)
    window.statement.show_view(STATEMENT_VIEW)
    window.wizard.looking.show_rows(LOOKING)
    window.wizard.looking.show_running(True)
    window.wizard.results.show_results(RESULTS)
    return window


def _page(key: str) -> Callable[[MainWindow], QWidget]:
    def show(window: MainWindow) -> QWidget:
        window.show_page(key)
        return window

    return show


def _step(step: Step) -> Callable[[MainWindow], QWidget]:
    def show(window: MainWindow) -> QWidget:
        window.wizard.looking.is_running = step is Step.LOOKING
        window.show_checkup()
        window.wizard.go_to(step)
        return window

    return show


def _first_time(window: MainWindow) -> QWidget:
    window.home.show_view(HomeView(None, "Shall we look for your data and your pictures?", "It takes about 4 minutes."))
    window.show_page(HOME)
    return window


def _leak(window: MainWindow) -> QWidget:
    window.findings.show_detail(LEAK_DETAIL)
    window.show_page(FINDINGS)
    return window


def _swap(window: MainWindow) -> QWidget:
    window.findings.show_detail(SWAP_DETAIL)
    window.show_page(FINDINGS)
    return window


def _passwords(window: MainWindow) -> QWidget:
    window.show_page(PASSWORDS)
    window.passwords.password.setText("a password")
    window.passwords.show_results(PASSWORD_RESULTS)
    return window


def _passwords_off(window: MainWindow) -> QWidget:
    window.passwords.show_view(replace(PASSWORDS_VIEW, is_on=False))
    window.show_page(PASSWORDS)
    return window


def _passwords_running(window: MainWindow) -> QWidget:
    window.show_page(PASSWORDS)
    window.passwords.show_running(True)
    window.passwords.working.show_progress(3, 44, "3 of 44 passwords")
    return window


def _details_busy(window: MainWindow) -> QWidget:
    window.show_page(DETAILS)
    accounts = window.details.accounts
    accounts.hint.show_plain("jane@example.org")
    accounts.lists[IdentifierKind.SERVICE].more.click()
    accounts.services.show_done("We read 23 site names and nothing else. Now delete the export file: logins.csv")
    return window


def _details_importing(window: MainWindow) -> QWidget:
    window.show_page(DETAILS)
    window.details.accounts.services.show_running()
    return window


def _organisations(window: MainWindow) -> QWidget:
    window.show_page(DETAILS)
    application = QApplication.instance()
    assert application is not None
    application.processEvents()
    window.details.ensureWidgetVisible(window.details.accounts.organisations, 0, 300)
    return window


def _clean(window: MainWindow) -> QWidget:
    window.clean.show_view(CLEANED)
    window.show_page(CLEAN)
    return window


def _clean_reading(window: MainWindow) -> QWidget:
    window.show_page(CLEAN)
    window.clean.show_running(True)
    window.clean.working.show_progress(3, 12)
    return window


def _empty(window: MainWindow) -> QWidget:
    window.disclosures.show_view(DisclosuresView((("0", "photos sent"), ("0", "addresses sent"), ("0", "short codes"))))
    window.show_page(DISCLOSURES)
    return window


def _locked(window: MainWindow) -> QWidget:
    window.opening.show_problem(PasswordStoreLocked())
    window.show_opening()
    return window


def _child(window: MainWindow) -> QWidget:
    window.wizard.show_state(WizardState(WhoChoice(Relation.MY_CHILD, False, "Kim"), False))
    window.show_checkup()
    window.wizard.go_to(Step.PERMISSION)
    return window


def _minor(window: MainWindow) -> QWidget:
    window.wizard.show_state(WizardState(WhoChoice(Relation.ME, False), False))
    window.show_checkup()
    window.wizard.go_to(Step.PERMISSION)
    return window


def _where(*groups: Group) -> Callable[[MainWindow], QWidget]:
    def show(window: MainWindow) -> QWidget:
        window.show_page(WHERE)
        for group, fold in window.where.sources.groups.items():
            fold.turn(group in groups)
        return window

    return show


def _where_in_the_checkup(window: MainWindow) -> QWidget:
    _step(Step.WHERE)(window)
    window.wizard.where.sources.groups[Group.PHOTO].turn(True)
    return window


def _statement_waits(window: MainWindow) -> QWidget:
    window.statement.show_view(WAITING_VIEW)
    window.show_page(STATEMENT)
    return window


def _statement_in_the_checkup(window: MainWindow) -> QWidget:
    _step(Step.WHERE)(window)
    window.wizard.statement.show_view(STATEMENT_VIEW)
    window.wizard.show_extra(window.wizard.statement)
    return window


def _sending(view: SendingView, photo: ReadyPhoto) -> Callable[[MainWindow], QWidget]:
    def show(window: MainWindow) -> QWidget:
        _step(Step.WHERE)(window)
        window.wizard.sending.show_view(view)
        window.wizard.sending.show_photo(photo)
        window.wizard.show_extra(window.wizard.sending)
        return window

    return show


SCREENS: dict[str, Callable[[MainWindow], QWidget]] = {
    "home": _page(HOME),
    "home-first-time": _first_time,
    "findings-face": _page(FINDINGS),
    "findings-leak": _leak,
    "findings-swap": _swap,
    **FOUND_SCREENS,
    "my-details": _page(DETAILS),
    "my-details-organisations": _organisations,
    "my-details-importing": _details_importing,
    "my-details-imported": _details_busy,
    "letter": _page(LETTER_PAGE),
    "passwords": _passwords,
    "passwords-off": _passwords_off,
    "passwords-running": _passwords_running,
    "what-left": _page(DISCLOSURES),
    "what-left-empty": _empty,
    "get-help-now": _page(HELP),
    "locked": _locked,
    **{f"checkup-{step + 1}-{step.name.lower()}": _step(step) for step in Step},
    "checkup-6-where-photo": _where_in_the_checkup,
    "checkup-6-statement": _statement_in_the_checkup,
    "checkup-6-sending": _sending(SENDING, READY),
    "checkup-6-sending-face": _sending(FACE_SENDING, READY),
    "checkup-6-sending-refused": _sending(
        SENDING, ReadyPhoto(None, problem="This photo cannot be sent. Please choose another one.")
    ),
    "where": _where(Group.COMPUTER),
    "where-leaks": _where(Group.LEAKS),
    "where-pages": _where(Group.PAGES),
    "where-profiles": _where(Group.PROFILES, Group.NAME, Group.FACE),
    "where-by-hand": _where(Group.BY_HAND),
    "clean-empty": _page(CLEAN),
    "clean-reading": _clean_reading,
    "clean": _clean,
    "statement": _page(STATEMENT),
    "statement-waits": _statement_waits,
    "checkup-3-permission-child": _child,
    "checkup-3-permission-minor": _minor,
    "settings": _page(SETTINGS),
    **GUARD_SCREENS,
    **LICENCE_SCREENS,
    **VISIT_SCREENS,
}
