"""The pages of the guided checkup that ask: one question a page, its title is the question."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit

from privacyguard import wording
from privacyguard.i18n import _
from privacyguard.model.person import Relation
from privacyguard.ui.pages.accounts import AccountsCard
from privacyguard.ui.widgets.banner import ErrorBanner
from privacyguard.ui.widgets.inputs import Choice, Tick
from privacyguard.ui.widgets.layout import Card, ScrollPage, clear, column
from privacyguard.ui.widgets.text import Text
from privacyguard.ui.wizard.views import WhoChoice, WizardState
from privacyguard.wording_consent import ConsentText, consent_text


class WizardPage(ScrollPage):
    """A question, a line about it, and room for the answer. ``problem`` says what went wrong on this page."""

    changed = Signal()

    def __init__(self, title: str, intro: str = "") -> None:
        super().__init__(margins=(40, 32, 40, 8))
        self.title = Text(title, "title")
        self.intro = Text(intro, "soft")
        self.intro.setVisible(bool(intro))
        self.problem = ErrorBanner()
        self.add(column(self.title, self.intro, spacing=4), self.problem)

    def show_state(self, state: WizardState) -> None:
        """Show what was answered."""

    @property
    def is_answered(self) -> bool:
        """Whether it can go on."""
        return True


class WelcomePage(WizardPage):
    """What this is, how long it takes, what is needed."""

    def __init__(self) -> None:
        super().__init__(
            _("Shall we look for your data and your pictures?"),
            _("PrivacyGuard looks for leaks of your data, and for pictures that look like you."),
        )
        self.add(
            Card(
                Text(_("It takes about 4 minutes"), "heading"),
                Text(_("You need 3 to 5 photos of your face. It also works without.")),
                Text(_("At the end we tell you what to do first. Three steps at most.")),
            ),
            Card(
                Text(_("It stays with you"), "heading"),
                Text(_("Everything is kept on this computer, in a locked file. Nothing is sent before you say where.")),
                Text(_("May somebody be watching this computer? Then use another one.")),
            ),
        )
        self.body.addStretch(1)


class WhoPage(WizardPage):
    """Me, my child, or someone I help; and 18 or over."""

    def __init__(self) -> None:
        super().__init__(_("Who is this for?"), _("Only add a person who is sitting with you and agrees."))
        self.relations = QButtonGroup(self)
        self.ages = QButtonGroup(self)
        who = Card(spacing=0)
        for number, relation in enumerate(Relation):
            choice = Choice(wording.relation(relation), relation)
            self.relations.addButton(choice, number)
            who.body.addWidget(choice)
        self.relations.buttons()[0].setChecked(True)
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.name_label = Text(_("A name for this profile"), "strong")
        self.name_label.setBuddy(self.name)
        self.name.setAccessibleName(self.name_label.text())
        who.body.addLayout(column(self.name_label, self.name, margins=(4, 8, 4, 4)))
        self.age = Card(Text(_("Are you 18 or over?"), "heading"), spacing=0)
        for number, (words, is_adult) in enumerate(
            ((_("Yes, I am 18 or over"), True), (_("No, I am under 18"), False))
        ):
            choice = Choice(words, is_adult)
            self.ages.addButton(choice, number)
            self.age.body.addWidget(choice)
        self.relations.idToggled.connect(self._follow)
        self.ages.idToggled.connect(self.changed)
        self.name.textChanged.connect(self.changed)
        self.add(who, self.age)
        self.body.addStretch(1)
        self._follow()

    def show_state(self, state: WizardState) -> None:
        """Show whom it is for."""
        who = state.who
        for choice in self.relations.buttons():
            if isinstance(choice, Choice) and choice.value is who.relation:
                choice.setChecked(True)
        for choice in self.ages.buttons():
            if isinstance(choice, Choice) and who.is_adult is not None and choice.value is who.is_adult:
                choice.setChecked(True)
        if who.name and not self.name.text():
            self.name.setText(who.name)

    @property
    def choice(self) -> WhoChoice:
        """The answer."""
        relation = _value(self.relations)
        assert isinstance(relation, Relation)
        if relation is Relation.ME:
            is_adult = _value(self.ages)
            return WhoChoice(relation, is_adult if isinstance(is_adult, bool) else None)
        return WhoChoice(relation, relation is Relation.SOMEONE_I_HELP, self.name.text().strip())

    @property
    def is_answered(self) -> bool:
        """Somebody is chosen, and what is asked about them is answered."""
        choice = self.choice
        return choice.is_adult is not None if choice.relation is Relation.ME else bool(choice.name)

    def _follow(self) -> None:
        is_me = _value(self.relations) is Relation.ME
        self.age.setVisible(is_me)
        self.name.setVisible(not is_me)
        self.name_label.setVisible(not is_me)
        self.changed.emit()


class PermissionPage(WizardPage):
    """Consent: separate boxes, unticked; no is as easy as yes."""

    def __init__(self) -> None:
        super().__init__("")
        self.text: ConsentText | None = None
        self.ticks: list[Tick] = []
        self._paragraphs = Card(spacing=8)
        self._boxes = column(spacing=4)
        self.add(self._paragraphs, self._boxes)
        self.body.addStretch(1)

    def show_state(self, state: WizardState) -> None:
        """Show the page for this person; the boxes stay as they are while it is the same one."""
        text = consent_text(state.who.relation, state.who.is_adult is not False)
        if text is self.text:
            return
        self.text = text
        self.title.setText(_(text.title))
        clear(self._paragraphs.body)
        for head, words in text.paragraphs:
            self._paragraphs.body.addWidget(Text(f"{_(head)} {_(words)}".strip()))
        clear(self._boxes)
        self.ticks = [Tick(_(words), checked=state.consented) for words in text.ticks]
        for tick in self.ticks:
            tick.toggled.connect(self.changed)
            self._boxes.addWidget(tick)

    @property
    def is_answered(self) -> bool:
        """Every box is ticked."""
        return bool(self.ticks) and all(tick.is_ticked for tick in self.ticks)


class AccountsPage(WizardPage):
    """Addresses, user names, services, and who has a photo."""

    def __init__(self) -> None:
        super().__init__(
            _("Which accounts do you have, and who has a photo of you?"),
            _("Think of old addresses too. A gym, a school or a club may have your photo."),
        )
        self.accounts = AccountsCard(with_letters=False)
        self.add(self.accounts)
        self.body.addStretch(1)

    def show_state(self, state: WizardState) -> None:
        """Show what was named."""
        self.accounts.show_identifiers(state.identifiers)


def _value(group: QButtonGroup) -> object:
    chosen = group.checkedButton()
    return chosen.value if isinstance(chosen, Choice) else None
