"""One finding in the five-line pattern: what we saw, what it means, what to do first, what can wait, who can help."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from privacyguard import wording
from privacyguard.i18n import N_, _
from privacyguard.model.finding import MarkKind
from privacyguard.ui.clipboard import copy
from privacyguard.ui.pages.archive_panel import ArchivePanel, selectable
from privacyguard.ui.pages.views import FindingDetail
from privacyguard.ui.widgets.buttons import button
from privacyguard.ui.widgets.face_thumb import FaceThumb
from privacyguard.ui.widgets.layout import Beside, Card, column, holder
from privacyguard.ui.widgets.level_badge import LevelBadge
from privacyguard.ui.widgets.text import Text

if TYPE_CHECKING:
    from privacyguard.ui.pages.findings import FindingsPage

OPENING = N_("If you open it, its owner may see that somebody looked. Your browser will remember this page.")
KEYS = {
    MarkKind.DONE: "D",
    MarkKind.FINE: "O",
    MarkKind.NOT_ME: "N",
    MarkKind.LATER: "R",
    MarkKind.NOT_MINE: "M",
}


def fill_detail(page: FindingsPage, content: QVBoxLayout, detail: FindingDetail) -> ArchivePanel | None:
    """Put the finding into ``content``; its wishes go out by the page's signals. Returns where an archive can be asked."""
    content.addWidget(LevelBadge(detail.level))
    content.addLayout(column(Text(detail.title, "title"), Text(detail.why), spacing=4))
    thumb = None
    if detail.is_picture:
        faces, thumb = _faces(detail)
        content.addWidget(faces)
    if detail.place and not detail.web_page:
        content.addWidget(selectable(detail.place))
    if detail.news:
        content.addWidget(Card(Text(_("New in this leak"), "heading"), Text(detail.news), role="banner", spacing=4))
    first = Card(
        Text(_("Do this first ({minutes})").format(minutes=detail.first_minutes), "heading"), Text(detail.first)
    )
    first.body.addWidget(Text(" ".join(part for part in (detail.later, detail.help_line) if part), "small"))
    content.addWidget(first)
    content.addWidget(_buttons(page, detail, thumb))
    if detail.web_page:
        content.addWidget(_found_on(page, detail))
    if detail.notes:
        content.addWidget(Card(Text(_("More about it"), "heading"), *map(_note, detail.notes), spacing=4))
    if detail.said_by or detail.addresses:
        content.addWidget(_who_says_so(detail))
    panel = _archive(page, detail) if detail.archive_sends else None
    if panel is not None:
        content.addWidget(panel)
    content.addWidget(Text(detail.reason, "small"))
    for words, link in detail.credits:
        content.addWidget(_credit(page, words, link))
    return panel


def _found_on(page: FindingsPage, detail: FindingDetail) -> Card:
    """Where on the web it is. Only a page with TLS is opened; any other can be copied."""
    address = detail.web_page
    copying = button(_("Copy"), "quiet", partial(copy, address))
    copying.setAccessibleName(_("Copy {link}").format(link=address))
    buttons: list[tuple[QWidget, int]] = [(copying, 0)]
    parts: list[QWidget] = [Text(urlsplit(address).hostname or "", "strong"), selectable(address)]
    if detail.place and detail.place != address:
        parts.append(selectable(_("The picture: {place}").format(place=detail.place)))
    if address.startswith("https://"):
        opening = button(_("Open the page"), "quiet", partial(page.link_opened.emit, address))
        opening.setAccessibleName(_("Open {link}").format(link=address))
        buttons.append((opening, 0))
        parts.append(Text(_(OPENING), "small"))
    return Card(*parts, Beside(*buttons, (QWidget(), 1), room_em=30, spacing=8), spacing=4)


def _note(words: str) -> Text:
    return Text(f"• {words}")


def _archive(page: FindingsPage, detail: FindingDetail) -> ArchivePanel:
    panel = ArchivePanel(detail.archive_sends)
    panel.requested.connect(partial(page.archive_requested.emit, detail.key))
    panel.cancelled.connect(partial(page.archive_cancelled.emit, detail.key))
    panel.letter_requested.connect(partial(page.archive_letter_requested.emit, detail.key))
    panel.link_opened.connect(page.link_opened)
    return panel


def _who_says_so(detail: FindingDetail) -> Card:
    card = Card(Text(_("Who says so, and about what"), "heading"), Text(detail.said_by), spacing=4)
    for address in detail.addresses:
        card.body.addWidget(Text(f"• {address}", "soft"))
    return card


def _credit(page: FindingsPage, words: str, link: str) -> QWidget:
    opening = button(_("Open"), "quiet", partial(page.link_opened.emit, link))
    opening.setAccessibleName(_("Open {link}").format(link=link))
    text = column(Text(words, "small"), Text(link, "small"), spacing=0)
    return Beside((holder(text), 1), (opening, 0), room_em=50, spacing=8)


def _faces(detail: FindingDetail) -> tuple[QWidget, FaceThumb | None]:
    own = FaceThumb(detail.own_cut, detail.own_caption)
    parts = [_framed(own, detail.own_caption)] if detail.own_cut else []
    found = None
    if detail.cut is not None:
        found = FaceThumb(detail.cut, _("The picture that we found"), blurred=True)
        parts.append(_framed(found, _("What we found. Blurred until you press Space.")))
    return Beside(*((part, 1) for part in parts), room_em=44), found


def _framed(thumb: FaceThumb, caption: str) -> Card:
    words = Text(caption, "small")
    words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    card = Card(words)
    card.body.insertWidget(0, thumb, 0, Qt.AlignmentFlag.AlignHCenter)
    return card


def _buttons(page: FindingsPage, detail: FindingDetail, thumb: FaceThumb | None) -> QWidget:
    made: list[tuple[QWidget, int]] = []
    if thumb is not None:
        made.append((button(_("Look"), "primary", thumb.reveal), 0))
    kinds = detail.decisions
    for kind in kinds:
        role = "primary" if thumb is None and kind is kinds[0] else "secondary"
        words = f"{wording.mark(kind)} ({KEYS[kind]})"
        made.append((button(words, role, partial(page.mark_requested.emit, detail.key, kind)), 0))
    marks = Beside(*made, (QWidget(), 1), room_em=50, spacing=8)
    more: list[tuple[QWidget, int]] = []
    if detail.tests_passwords:
        more.append((button(_("Test a password"), on_click=page.passwords_requested.emit), 0))
    if detail.recipient:
        more.append((button(_("Letter…"), on_click=partial(page.letter_requested.emit, detail.key)), 0))
    if detail.cleans_photos:
        more.append((button(_("Make cleaned copies…"), on_click=page.clean_requested.emit), 0))
    if detail.hidden_name:
        more.append((button(_("Show the name"), "quiet", partial(page.name_requested.emit, detail.key)), 0))
    if not more:
        return marks
    return holder(column(Beside(*more, (QWidget(), 1), room_em=50, spacing=8), marks, spacing=8))
