"""Text on screen: always plain, so that foreign text can neither load nor look like anything."""

import unicodedata
from bisect import bisect_right

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class Text(QLabel):
    """A label that wraps. ``role``: title, heading, strong, body, soft, small, warning or number."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("role", role)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(text)

    def minimumSizeHint(self) -> QSize:
        """One line high and one word wide: what more is needed is asked for by the width (a layout adds it)."""
        if not self.wordWrap():
            return super().minimumSizeHint()
        metrics = self.fontMetrics()
        longest = max((metrics.horizontalAdvance(word) for word in self.text().split()), default=0)
        return QSize(min(longest + 4, 240), metrics.height())

    def show_text(self, text: str) -> None:
        """Show this text; an empty one takes no room."""
        self.setText(text)
        self.setVisible(bool(text))


def line_text(text: str, role: str = "body") -> QLabel:
    """A label of one short line that does not wrap (a number, a name of a state)."""
    label = Text(text, role)
    label.setWordWrap(False)
    return label


def one_line(untrusted_text: str) -> str:
    """A foreign name (of a file, say) with what would turn or break the line as visible codes."""
    hidden = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    return "".join(ch if unicodedata.category(ch) not in hidden else f"\\u{ord(ch):04x}" for ch in untrusted_text)


def broken(text: str, metrics: QFontMetrics, width: int) -> str:
    """The text with a place to go on in the next line in each word that is wider than ``width`` (device-independent pixels).

    After the last dot, stroke or hyphen that fits, else after the last letter that fits. An address is one word.
    """
    return " ".join(_broken_word(word, metrics, width) for word in text.split(" "))


def _broken_word(word: str, metrics: QFontMetrics, width: int) -> str:
    lines = []
    while len(word) > 1 and metrics.horizontalAdvance(word) > width:
        fits = max(
            1, bisect_right(range(1, len(word)), width, key=lambda count: metrics.horizontalAdvance(word[:count]))
        )
        end = max(word.rfind(mark, 0, fits) + 1 for mark in "./-@") or fits
        lines.append(word[:end])
        word = word[end:]
    return "\N{ZERO WIDTH SPACE}".join([*lines, word])
