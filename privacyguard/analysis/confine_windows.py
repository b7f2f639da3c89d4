"""Windows: a job object with limits, and mitigations against new processes and code from elsewhere. Untried.

Not here: the network, which only an AppContainer or a rule of the firewall could close, and a token of low integrity.
"""

import ctypes
import sys

_EXTENDED_LIMITS, _UI_LIMITS = 9, 4  # JOBOBJECTINFOCLASS
_ACTIVE_PROCESSES, _PROCESS_MEMORY, _END_ON_ERROR, _END_WITH_JOB = 0x8, 0x100, 0x400, 0x2000
_ALL_UI = 0xFF
_LOADING, _CHILD_PROCESSES = 10, 13  # PROCESS_MITIGATION_POLICY
_NOTHING_REMOTE_OR_LOW, _NO_CHILDREN = 0b11, 0b1


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
    )


class _Limits(ctypes.Structure):
    _fields_ = (
        ("basic", _BasicLimits),
        ("transfers", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


def close_off(memory_bytes: int) -> None:
    """From now on: at most ``memory_bytes``, no new process, no windows or clipboard of others, no libraries from the network.

    Raises:
        OSError: the system refused a step.
    """
    if sys.platform != "win32":
        raise OSError("not Windows")
    else:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = ctypes.c_void_p
        # The job ends with its last handle, which is never closed: it lasts as long as the process.
        job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
        limits = _Limits(process_memory=memory_bytes)
        limits.basic.flags = _ACTIVE_PROCESSES | _PROCESS_MEMORY | _END_ON_ERROR | _END_WITH_JOB
        limits.basic.processes = 1
        ui = ctypes.c_uint32(_ALL_UI)
        loading, children = ctypes.c_uint32(_NOTHING_REMOTE_OR_LOW), ctypes.c_uint32(_NO_CHILDREN)
        steps = (
            job.value,
            kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)),
            kernel.SetInformationJobObject(job, _UI_LIMITS, ctypes.byref(ui), ctypes.sizeof(ui)),
            kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess())),
            kernel.SetProcessMitigationPolicy(_LOADING, ctypes.byref(loading), ctypes.sizeof(loading)),
            kernel.SetProcessMitigationPolicy(_CHILD_PROCESSES, ctypes.byref(children), ctypes.sizeof(children)),
        )
        if not all(steps):
            raise ctypes.WinError(ctypes.get_last_error())
