"""A screen of its own for windows: Xvfb."""

import os
import subprocess
from collections.abc import Mapping

from tests.support import children

SIZE = "1600x1200x24"


def start_display(environment: Mapping[str, str], size: str = SIZE) -> "tuple[subprocess.Popen[bytes], str]":
    """A server with one empty screen of this size, and the value for DISPLAY.

    Leave it to the kernel to end it, after this process: an application that still holds a connection to it when it goes
    ends the whole process.
    """
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    try:
        server = children.start(command, environment, pass_fds=[write])
    finally:
        os.close(write)
    try:
        return server, f":{children.first_line(server, read)}"
    finally:
        os.close(read)
