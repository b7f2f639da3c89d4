"""The page of licences, with invented parts."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from privacyguard.licences.notice import Part
from privacyguard.ui.main_window import LICENCES, SETTINGS, MainWindow

TEXT = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software.\n\n" * 12
PARTS = (
    Part("PrivacyGuard", "0.1.0", "MIT", TEXT),
    Part("an-example-of-a-library-with-a-long-name", "1.0.20261020", "BSD-3-Clause AND 0BSD AND MIT AND Zlib", TEXT),
    Part("Invented", "2:1.46-3+deb12u1", "MIT; a part: GPL-3.0 WITH GCC-exception-3.1; another: public domain", TEXT),
    *(Part(f"Example {number}", "6.11", "LGPL-3.0", TEXT) for number in range(3, 24)),
)


def _list(window: MainWindow) -> QWidget:
    window.show_page(SETTINGS)
    window.show_page(LICENCES)
    window.licences.show_rows([(part.name, part.licence, part.version) for part in PARTS], f"{len(PARTS)} parts")
    return window


def _text(window: MainWindow) -> QWidget:
    _list(window)
    window.licences.table.setCurrentCell(2, 0)
    window.licences.show_text("Invented 2:1.46-3+deb12u1", TEXT)
    return window


LICENCE_SCREENS: dict[str, Callable[[MainWindow], QWidget]] = {"licences": _list, "licences-text": _text}
