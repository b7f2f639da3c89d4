"""The card of the place that goes by a list of sites: what is told to whom stands on it before anybody is asked."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from privacyguard.model.person import FaceTemplate, Person, Relation
from privacyguard.sources.catalogue import sources
from privacyguard.ui.pages.source_groups import SourceGroups
from privacyguard.ui.pages.source_views import Group
from privacyguard.ui.presenters.sources import SourcesPresenter
from privacyguard.ui.widgets.text import Text
from tests.support.fakes.cache import MemoryCache

ME = Person("p", "me", template=FaceTemplate((), "a model", datetime(2026, 3, 2, tzinfo=UTC)))


def presented(qtbot: QtBot, person: Person, is_on: bool) -> tuple[SourceGroups, MemoryCache]:
    """The groups of cards for a person, over the whole list of sources, of which nothing is fetched."""
    cache = MemoryCache()
    session = SimpleNamespace(
        sources=sources({}, cache),
        vault=SimpleNamespace(places=lambda: (), statement=lambda _: None),
        settings=SimpleNamespace(bases={}),
        server_of=lambda _: None,
        is_on=lambda info: is_on and info.id == "whatsmyname",
        is_ready=lambda info: not info.needs_key,
        clock=lambda: None,
    )
    groups, parent = SourceGroups(leads_on=False), QObject()
    qtbot.addWidget(groups)
    presenter = SourcesPresenter(groups, session, SimpleNamespace(), lambda: person, lambda: True, parent)  # type: ignore[arg-type]
    groups.show_view(presenter.view())
    return groups, cache


@pytest.mark.parametrize("is_on", [False, True])
def test_the_card_names_the_sites_github_and_the_licence_before_the_list_was_fetched(qtbot: QtBot, is_on: bool) -> None:
    groups, cache = presented(qtbot, ME, is_on)
    row = groups.cards["whatsmyname"]
    said = " ".join(each.text() for each in row.findChildren(Text))
    assert "your user name, to each site on a list of up to 60" in said
    assert "The list is fetched from GitHub (raw.githubusercontent.com)" in said
    assert "Cost: Free. The list is by Micah Hoffman and others (CC BY-SA 4.0)." in said
    assert "List of sites: WhatsMyName (CC BY-SA 4.0), unchanged" in said
    assert groups.groups[Group.PROFILES].isAncestorOf(row)
    assert (row.switch.box.isChecked(), row.switch.isEnabled()) == (is_on, True)
    assert cache.kept == {}


@pytest.mark.parametrize("relation", [Relation.MY_CHILD, Relation.SOMEONE_I_HELP])
def test_for_somebody_else_it_cannot_be_switched_on(qtbot: QtBot, relation: Relation) -> None:
    groups, _ = presented(qtbot, Person("p", "Kim", relation=relation, is_adult=False), is_on=True)
    row = groups.cards["whatsmyname"]
    assert (row.switch.box.isChecked(), row.switch.isEnabled()) == (False, False)
