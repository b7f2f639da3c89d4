"""Below what the person does: asked of a real process and of what it starts."""

import json
import subprocess
import sys

import pytest

from privacyguard.desktop.priority import NICENESS

TELL = """
import json, os, subprocess, sys
def io():
    return subprocess.run(["ionice", "-p", str(os.getpid())], capture_output=True, text=True).stdout.strip()
print(json.dumps([os.nice(0), os.sched_getscheduler(0) == os.SCHED_BATCH, io()]))
"""


def told(before: str, *, by_child: bool = False) -> list[object]:
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {TELL!r}], check=True)"
    code = f"import os\n{before}\n{child if by_child else TELL}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    answer: list[object] = json.loads(done.stdout)
    return answer


STEP_BACK = "from privacyguard.desktop.priority import step_back; step_back()"


def test_without_it_all_is_as_usual() -> None:
    niceness, is_batch, disk = told("")
    assert niceness == 0 and not is_batch and "idle" not in str(disk)


@pytest.mark.parametrize("by_child", [False, True])
def test_a_process_and_what_it_starts_step_back(by_child: bool) -> None:
    assert told(STEP_BACK, by_child=by_child) == [NICENESS, True, "idle"]


def test_twice_is_as_once() -> None:
    assert told(f"{STEP_BACK}; step_back()") == [NICENESS, True, "idle"]


def test_who_is_lower_already_stays_there() -> None:
    assert told(f"os.nice(15)\n{STEP_BACK}")[0] == 15


def test_the_thread_of_the_window_keeps_its_priority() -> None:
    in_a_thread = f"""
import threading
def work():
    {STEP_BACK}
    assert os.nice(0) == {NICENESS}
thread = threading.Thread(target=work); thread.start(); thread.join()
"""
    niceness, is_batch, _ = told(in_a_thread)
    assert niceness == 0 and not is_batch
