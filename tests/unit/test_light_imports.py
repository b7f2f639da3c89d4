"""The window's process stays light: no decoders, no face models; and what it does not need at first comes later."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEVER_IN_THE_WINDOW = {
    "numpy",
    "cv2",
    "scipy",
    "dlib",
    "PIL",
    "imagehash",
    "pillow_heif",
    "face_recognition",
    "skimage",
}
AFTER_THE_FIRST_PAINT = {"keyring", "sqlcipher3", "requests", "urllib3", "jinja2"}


FIRST_PAINT = """
import os
from privacyguard.app import App, application, started
with started(os.environ) as start:
    qt = application(start)
    app = App(start, qt)
    app.window.painted.connect(lambda: qt.exit(0 if app.window.opening.isVisible() else 1))
    app.window.show()
    assert qt.exec() == 0
"""


def loaded_after(code: str) -> set[str]:
    """The modules that are loaded after ``code`` in a fresh interpreter."""
    ask = f"{code}\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def modules_after(code: str) -> set[str]:
    """The top-level ones of them."""
    return {name.partition(".")[0] for name in loaded_after(code)}


def test_the_probe_sees_what_is_imported() -> None:
    assert {"PIL", "requests"} <= modules_after("import PIL, requests")


def test_before_the_first_paint_only_qt_is_loaded() -> None:
    loaded = modules_after("import privacyguard.app")
    assert "PySide6" in loaded
    assert not loaded & (NEVER_IN_THE_WINDOW | AFTER_THE_FIRST_PAINT)


def test_the_first_paint_is_the_opening_page_and_loads_no_other() -> None:
    ours = loaded_after(FIRST_PAINT)
    assert {"privacyguard.ui.pages.opening", "privacyguard.ui.main_window"} <= ours
    pages = {name for name in ours if name.startswith(("privacyguard.ui.pages.", "privacyguard.ui.wizard"))}
    assert pages == {"privacyguard.ui.pages.opening"}
    for later in ("session", "guards", "wording", "checkup", "vault", "desktop", "model.person"):
        assert f"privacyguard.{later}" not in ours


def test_the_presenters_load_no_decoder() -> None:
    loaded = modules_after(
        "import privacyguard.app, privacyguard.ui.presenters.checkup, privacyguard.ui.presenters.pages"
    )
    assert not loaded & NEVER_IN_THE_WINDOW


def test_the_command_line_loads_no_qt() -> None:
    assert "PySide6" not in modules_after("import privacyguard.cli")
