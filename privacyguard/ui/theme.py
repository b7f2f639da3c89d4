"""The look: tokens for light and dark, and the one style sheet made from them. Nothing else in the app names a colour."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from privacyguard.model.advice import Level

SPACE = 4
"""Every distance is a multiple of this many pixels."""

CONTROL_RADIUS, CARD_RADIUS = 10, 14
CONTROL_HEIGHT = 44
BODY_POINTS = 12.0
"""16 px at 96 dots per inch: all other sizes are ratios of it, so that larger text grows everything."""

TITLE, HEADING, BODY, SMALL = 28 / 16, 18 / 16, 1.0, 14 / 16


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme. Contrasts are tested: text 4.5 to 1, signs and focus 3 to 1."""

    background: str
    card: str
    line: str
    ink: str
    soft_ink: str
    accent: str
    on_accent: str
    accent_wash: str
    do_today: str
    do_today_wash: str
    do_this_week: str
    good_to_know: str
    nothing_found: str
    could_not_check: str
    could_not_check_on_background: str

    def level(self, level: Level) -> str:
        """The colour of a state on a card."""
        return {
            Level.DO_TODAY: self.do_today,
            Level.DO_THIS_WEEK: self.do_this_week,
            Level.GOOD_TO_KNOW: self.good_to_know,
            Level.NOTHING_FOUND: self.nothing_found,
            Level.COULD_NOT_CHECK: self.could_not_check_on_background,
        }[level]


LIGHT = Tokens(
    background="#FAF8F5",
    card="#FFFFFF",
    line="#E4DED5",
    ink="#24313B",
    soft_ink="#5A6670",
    accent="#5B3A8C",
    on_accent="#FFFFFF",
    accent_wash="#F1ECF8",
    do_today="#7A1408",
    do_today_wash="#FBEFEC",
    do_this_week="#B35900",
    good_to_know="#0B5FA5",
    nothing_found="#24313B",
    could_not_check="#737373",
    could_not_check_on_background="#6B6B6B",
)
DARK = Tokens(
    background="#17191C",
    card="#1E1E1E",
    line="#33373C",
    ink="#F2F2F2",
    soft_ink="#B3BAC1",
    accent="#B79BEA",
    on_accent="#1B1126",
    accent_wash="#2A2336",
    do_today="#FF7A5C",
    do_today_wash="#33201C",
    do_this_week="#FFD166",
    good_to_know="#8CC8FF",
    nothing_found="#F2F2F2",
    could_not_check="#A8A8A8",
    could_not_check_on_background="#A8A8A8",
)


def system_tokens() -> Tokens:
    """The theme that the system asks for."""
    return DARK if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT


def apply(app: QApplication, tokens: Tokens, text_scale: float = 1.0) -> None:
    """Give the whole application this look. ``text_scale``: 2.0 doubles all text; layouts follow."""
    app.setStyle("fusion")
    font = QFont("Inter" if "Inter" in QFontDatabase.families() else app.font().family())
    font.setPointSizeF(BODY_POINTS * text_scale)
    app.setFont(font)
    app.setPalette(_palette(tokens))
    app.setProperty("tokens", tokens)
    app.setStyleSheet(_texts_and_frames(tokens, BODY_POINTS * text_scale) + _controls(tokens))


def current_tokens() -> Tokens:
    """The tokens that were applied last, for what is painted by hand."""
    app = QApplication.instance()
    tokens = app.property("tokens") if app is not None else None
    return tokens if isinstance(tokens, Tokens) else LIGHT


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, tokens.background),
        (role.Base, tokens.card),
        (role.AlternateBase, tokens.background),
        (role.Button, tokens.card),
        (role.WindowText, tokens.ink),
        (role.Text, tokens.ink),
        (role.ButtonText, tokens.ink),
        (role.PlaceholderText, tokens.soft_ink),
        (role.ToolTipBase, tokens.card),
        (role.ToolTipText, tokens.ink),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.on_accent),
        (role.Link, tokens.accent),
    ):
        palette.setColor(which, QColor(colour))
    return palette


def _texts_and_frames(t: Tokens, points: float) -> str:
    return f"""
* {{ outline: none; }}
QWidget {{ color: {t.ink}; }}
QToolTip {{ background: {t.card}; color: {t.ink}; border: 1px solid {t.line}; }}
QLabel {{ background: transparent; }}
QLabel[role="title"] {{ font-size: {points * TITLE}pt; font-weight: 700; }}
QLabel[role="heading"] {{ font-size: {points * HEADING}pt; font-weight: 600; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="soft"] {{ color: {t.soft_ink}; }}
QLabel[role="small"] {{ color: {t.soft_ink}; font-size: {points * SMALL}pt; }}
QLabel[role="warning"] {{ color: {t.do_this_week}; font-weight: 600; }}
QLabel[role="number"] {{ font-size: {points * 24 / 16}pt; font-weight: 700; }}
QFrame[role="card"] {{ background: {t.card}; border: 1px solid {t.line}; border-radius: {CARD_RADIUS}px; }}
QFrame[role="banner"] {{ background: {t.accent_wash}; border: none; border-radius: {CARD_RADIUS}px; }}
QFrame[role="banner-today"] {{ background: {t.do_today_wash}; border: none; border-radius: {CARD_RADIUS}px; }}
QFrame[role="line"] {{ background: {t.line}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[role="side"] {{ background: {t.background}; border: none; border-right: 1px solid {t.line}; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
QMainWindow, QDialog {{ background: {t.background}; }}
"""


def _controls(t: Tokens) -> str:
    return f"""
QPushButton {{ background: {t.card}; color: {t.ink}; border: 1px solid {t.line}; border-radius: {CONTROL_RADIUS}px;
  padding: 8px 16px; min-height: {CONTROL_HEIGHT - 18}px; font-weight: 600; }}
QPushButton:hover {{ border-color: {t.soft_ink}; }}
QPushButton:pressed {{ background: {t.accent_wash}; }}
QPushButton:disabled {{ color: {t.soft_ink}; background: {t.background}; }}
QPushButton[role="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
QPushButton[role="primary"]:disabled {{ background: {t.line}; color: {t.soft_ink}; border-color: {t.line}; }}
QPushButton[role="outlined"] {{ background: transparent; color: {t.accent}; border-color: {t.accent}; }}
QPushButton[role="quiet"] {{ background: transparent; border-color: transparent; }}
QPushButton[role="quiet"]:hover {{ border-color: {t.line}; }}
QPushButton[role="link"] {{ background: transparent; border-color: transparent; color: {t.accent}; font-weight: 400;
  text-align: left; padding: 8px 0; }}
QPushButton[role="link"]:hover {{ text-decoration: underline; }}
QPushButton[role="row"] {{ background: transparent; border-color: transparent; text-align: left; font-weight: 400;
  padding: 8px 12px; }}
QPushButton[role="row"]:hover {{ border-color: {t.line}; }}
QPushButton[role="row"][current="true"] {{ background: {t.accent_wash}; color: {t.accent}; font-weight: 600; }}
QPushButton[role="row"]:disabled {{ color: {t.soft_ink}; background: transparent; }}
QLineEdit, QComboBox {{ background: {t.card}; color: {t.ink}; border: 1px solid {t.soft_ink};
  border-radius: {CONTROL_RADIUS}px; padding: 8px 12px; min-height: {CONTROL_HEIGHT - 18}px; }}
QComboBox::drop-down {{ border: none; width: 28px; }}
QComboBox QAbstractItemView {{ background: {t.card}; color: {t.ink}; }}
QListWidget {{ background: transparent; border: none; }}
QTableWidget {{ background: {t.card}; border: none; gridline-color: {t.line}; }}
QTableWidget::item {{ border-bottom: 1px solid {t.line}; padding: 8px; }}
QTableWidget::item:selected {{ background: {t.accent_wash}; color: {t.ink}; }}
QHeaderView::section {{ background: {t.card}; color: {t.soft_ink}; border: none; border-bottom: 1px solid {t.line};
  padding: 8px; font-weight: 600; text-align: left; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; }}
QScrollBar::handle:vertical {{ background: {t.soft_ink}; border-radius: 4px; min-height: 44px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {t.line}; border: none; border-radius: 4px; max-height: 8px; min-height: 8px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 4px; }}
"""
