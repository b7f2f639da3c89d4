"""main.py as a spawned worker sees it: it runs the file once more under another name, and must load nothing by it."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_IN_A_WORKER = {"PySide6", "shiboken6", "keyring", "secretstorage", "requests", "urllib3", "sqlcipher3", "jinja2"}

AS_A_WORKER_STARTS = f"""
import json, runpy, sys
runpy.run_path({str(ROOT / "main.py")!r}, run_name="__mp_main__")
{{more}}
print(json.dumps(sorted({{{{name.partition(".")[0] for name in sys.modules}}}})))
"""


def loaded(more: str) -> set[str]:
    code = AS_A_WORKER_STARTS.format(more=more)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_a_spawned_child_loads_nothing_of_the_app_by_itself() -> None:
    assert "privacyguard" not in loaded("")


def test_what_a_worker_runs_and_the_second_opinion_load_neither_window_nor_secrets_nor_network() -> None:
    all_of_it = (
        "from privacyguard.analysis import worker, looker\n"
        "looker.Looker().answer({'do': 'analyse', 'cuts': True}, worker.white_picture())\n"
        "from privacyguard.faces import second_opinion; second_opinion.start()"
    )
    names = loaded(all_of_it)
    assert {"numpy", "cv2", "openvino", "dlib", "face_recognition"} <= names
    assert not names & NOT_IN_A_WORKER


def test_what_would_tell_openvinos_makers_how_it_is_used_is_not_there() -> None:
    assert find_spec("openvino") is not None
    assert find_spec("openvino_telemetry") is None
    for lock in ("requirements.lock", "requirements-dev.lock", "packaging/requirements/freeze.lock"):
        assert "telemetry" not in (ROOT / lock).read_text("utf-8")
