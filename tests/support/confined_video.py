"""A child process that is closed off as a worker is, and then takes frames of a video. Importable by ``spawn``."""

import json
import os
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle

from privacyguard.analysis import confine


def take_frames(connection: Connection, parent: int) -> None:
    """Answers an open file with the times of its frames and what is in force here, as JSON."""
    landlock = confine.begin(parent, connection.fileno())
    from privacyguard.pictures import video

    in_force = confine.finish(landlock)
    descriptor = recv_handle(connection)
    times = sorted(frame.time_s for frame in video.frames(descriptor))
    again = video.frame_at(descriptor, times[-1]).time_s
    answer = {"times": times, "again": again, "landlock": in_force.landlock, "seccomp": in_force.seccomp}
    os.close(descriptor)
    connection.send_bytes(json.dumps(answer).encode())
