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


def modules_after(code: str) -> set[str]:
    """The top-level modules that are loaded after ``code`` in a fresh interpreter."""
    ask = f"{code}\nimport json, sys; print(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_the_probe_sees_what_is_imported() -> None:
    assert {"PIL", "requests"} <= modules_after("import PIL, requests")


def test_before_the_first_paint_only_qt_is_loaded() -> None:
    loaded = modules_after("import privacyguard.app")
    assert "PySide6" in loaded
    assert not loaded & (NEVER_IN_THE_WINDOW | AFTER_THE_FIRST_PAINT)


def test_the_presenters_load_no_decoder() -> None:
    loaded = modules_after(
        "import privacyguard.app, privacyguard.ui.presenters.checkup, privacyguard.ui.presenters.pages"
    )
    assert not loaded & NEVER_IN_THE_WINDOW


def test_the_command_line_loads_no_qt() -> None:
    assert "PySide6" not in modules_after("import privacyguard.cli")
