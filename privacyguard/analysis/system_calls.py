"""The system calls of Linux that a worker may not make, or only with some arguments, by the machine's numbers.

Numbers: the kernel's ``asm/unistd_64.h`` and ``asm-generic/unistd.h``, the latter for aarch64. A test compares them where
those files are. Calls not named here are allowed: the filter is the second wall, after Landlock and resource limits.
"""

from enum import Enum
from typing import NamedTuple


class Numbers(NamedTuple):
    """A call's number on each machine; None where the machine does not have it."""

    x86_64: int | None
    aarch64: int | None


class Rule(NamedTuple):
    """What one argument, counted from 0, must be. Only its lower 32 bits count, as for the kernel in these calls."""

    argument: int
    allowed: "Allowed"
    values: tuple[int, ...]


class Allowed(Enum):
    """When a call with a rule passes."""

    ONLY_VALUES = "the argument is one of the values"
    NOT_VALUES = "the argument is none of the values"
    WITH_BIT = "a bit of the value is set"
    WITHOUT_BITS = "no bit of the value is set"


UNKNOWN_FROM = 470
"""Calls from this number on are newer than this table (Linux 6.17), or are x32's: "no such call" is the answer."""

MISSING = {"clone3": Numbers(435, 435), "openat2": Numbers(437, 437)}
"""Their arguments lie in memory, where a filter cannot look: "no such call", so that older ones are used instead."""

DENIED = {
    # Network, and handing on open files.
    "socket": Numbers(41, 198),
    "socketpair": Numbers(53, 199),
    "connect": Numbers(42, 203),
    "bind": Numbers(49, 200),
    "listen": Numbers(50, 201),
    "accept": Numbers(43, 202),
    "accept4": Numbers(288, 242),
    "sendto": Numbers(44, 206),
    "sendmsg": Numbers(46, 211),
    "sendmmsg": Numbers(307, 269),
    "setsockopt": Numbers(54, 208),
    # Other ways around the filter.
    "io_uring_setup": Numbers(425, 425),
    "io_uring_enter": Numbers(426, 426),
    "io_uring_register": Numbers(427, 427),
    "bpf": Numbers(321, 280),
    "perf_event_open": Numbers(298, 241),
    "userfaultfd": Numbers(323, 282),
    # New programs and processes.
    "execve": Numbers(59, 221),
    "execveat": Numbers(322, 281),
    "fork": Numbers(57, None),
    "vfork": Numbers(58, None),
    # Other processes.
    "ptrace": Numbers(101, 117),
    "process_vm_readv": Numbers(310, 270),
    "process_vm_writev": Numbers(311, 271),
    "process_madvise": Numbers(440, 440),
    "process_mrelease": Numbers(448, 448),
    "kcmp": Numbers(312, 272),
    "pidfd_open": Numbers(434, 434),
    "pidfd_getfd": Numbers(438, 438),
    "pidfd_send_signal": Numbers(424, 424),
    "kill": Numbers(62, 129),
    "tkill": Numbers(200, 130),
    "rt_sigqueueinfo": Numbers(129, 138),
    "rt_tgsigqueueinfo": Numbers(297, 240),
    "setpriority": Numbers(141, 140),
    "ioprio_set": Numbers(251, 30),
    "sched_setaffinity": Numbers(203, 122),
    "sched_setparam": Numbers(142, 118),
    "sched_setscheduler": Numbers(144, 119),
    "sched_setattr": Numbers(314, 274),
    "migrate_pages": Numbers(256, 238),
    "move_pages": Numbers(279, 239),
    # Keys of the kernel, files without a name.
    "keyctl": Numbers(250, 219),
    "add_key": Numbers(248, 217),
    "request_key": Numbers(249, 218),
    "memfd_create": Numbers(319, 279),
    "memfd_secret": Numbers(447, 447),
    # Mounts and roots.
    "mount": Numbers(165, 40),
    "umount2": Numbers(166, 39),
    "move_mount": Numbers(429, 429),
    "fsopen": Numbers(430, 430),
    "fsconfig": Numbers(431, 431),
    "fsmount": Numbers(432, 432),
    "fspick": Numbers(433, 433),
    "open_tree": Numbers(428, 428),
    "open_tree_attr": Numbers(467, 467),
    "mount_setattr": Numbers(442, 442),
    "pivot_root": Numbers(155, 41),
    "chroot": Numbers(161, 51),
    "unshare": Numbers(272, 97),
    "setns": Numbers(308, 268),
    # Files: made, moved, changed, opened by number, watched.
    "creat": Numbers(85, None),
    "open_by_handle_at": Numbers(304, 265),
    "name_to_handle_at": Numbers(303, 264),
    "link": Numbers(86, None),
    "linkat": Numbers(265, 37),
    "symlink": Numbers(88, None),
    "symlinkat": Numbers(266, 36),
    "rename": Numbers(82, None),
    "renameat": Numbers(264, 38),
    "renameat2": Numbers(316, 276),
    "unlink": Numbers(87, None),
    "unlinkat": Numbers(263, 35),
    "rmdir": Numbers(84, None),
    "mkdir": Numbers(83, None),
    "mkdirat": Numbers(258, 34),
    "mknod": Numbers(133, None),
    "mknodat": Numbers(259, 33),
    "truncate": Numbers(76, 45),
    "ftruncate": Numbers(77, 46),
    "fallocate": Numbers(285, 47),
    "utime": Numbers(132, None),
    "utimes": Numbers(235, None),
    "futimesat": Numbers(261, None),
    "utimensat": Numbers(280, 88),
    "chmod": Numbers(90, None),
    "fchmod": Numbers(91, 52),
    "fchmodat": Numbers(268, 53),
    "fchmodat2": Numbers(452, 452),
    "chown": Numbers(92, None),
    "fchown": Numbers(93, 55),
    "lchown": Numbers(94, None),
    "fchownat": Numbers(260, 54),
    "setxattr": Numbers(188, 5),
    "lsetxattr": Numbers(189, 6),
    "fsetxattr": Numbers(190, 7),
    "setxattrat": Numbers(463, 463),
    "removexattr": Numbers(197, 14),
    "lremovexattr": Numbers(198, 15),
    "fremovexattr": Numbers(199, 16),
    "removexattrat": Numbers(466, 466),
    "file_setattr": Numbers(469, 469),
    "inotify_init": Numbers(253, None),
    "inotify_init1": Numbers(294, 26),
    "inotify_add_watch": Numbers(254, 27),
    "inotify_rm_watch": Numbers(255, 28),
    "fanotify_init": Numbers(300, 262),
    "fanotify_mark": Numbers(301, 263),
    # Memory and messages shared by name.
    "shmget": Numbers(29, 194),
    "shmat": Numbers(30, 196),
    "shmctl": Numbers(31, 195),
    "shmdt": Numbers(67, 197),
    "msgget": Numbers(68, 186),
    "msgsnd": Numbers(69, 189),
    "msgrcv": Numbers(70, 188),
    "msgctl": Numbers(71, 187),
    "semget": Numbers(64, 190),
    "semop": Numbers(65, 193),
    "semtimedop": Numbers(220, 192),
    "semctl": Numbers(66, 191),
    "mq_open": Numbers(240, 180),
    "mq_unlink": Numbers(241, 181),
    # The computer itself.
    "init_module": Numbers(175, 105),
    "finit_module": Numbers(313, 273),
    "delete_module": Numbers(176, 106),
    "kexec_load": Numbers(246, 104),
    "kexec_file_load": Numbers(320, 294),
    "reboot": Numbers(169, 142),
    "swapon": Numbers(167, 224),
    "swapoff": Numbers(168, 225),
    "acct": Numbers(163, 89),
    "settimeofday": Numbers(164, 170),
    "clock_settime": Numbers(227, 112),
    "clock_adjtime": Numbers(305, 266),
    "adjtimex": Numbers(159, 171),
    "sethostname": Numbers(170, 161),
    "setdomainname": Numbers(171, 162),
    "iopl": Numbers(172, None),
    "ioperm": Numbers(173, None),
    "modify_ldt": Numbers(154, None),
    "quotactl": Numbers(179, 60),
    "quotactl_fd": Numbers(443, 443),
    "syslog": Numbers(103, 116),
    "vhangup": Numbers(153, 58),
    "personality": Numbers(135, 92),
}

_CLONE_THREAD = 0x10000
_WRITES = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND
_TERMINAL, _BYTES_LEFT, _CLOSE_ON_EXEC = 0x5401, 0x541B, 0x5451  # TCGETS, which open() asks; FIONREAD; FIOCLEX
_PARENT_DEATH, _DUMPABLE, _TRACER = 1, 4, 0x59616D61  # PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_PTRACER


def with_rules(own_process: int) -> dict[str, tuple[Numbers, Rule]]:
    """Calls that pass only with some arguments: threads, own limits, own signals, reading. ``own_process``: its number."""
    return {
        "clone": (Numbers(56, 220), Rule(0, Allowed.WITH_BIT, (_CLONE_THREAD,))),
        # A worker could give its parent a limit of one second of work.
        "prlimit64": (Numbers(302, 261), Rule(0, Allowed.ONLY_VALUES, (0,))),
        "tgkill": (Numbers(234, 131), Rule(0, Allowed.ONLY_VALUES, (own_process,))),
        "open": (Numbers(2, None), Rule(1, Allowed.WITHOUT_BITS, (_WRITES,))),
        "openat": (Numbers(257, 56), Rule(2, Allowed.WITHOUT_BITS, (_WRITES,))),
        "ioctl": (Numbers(16, 29), Rule(1, Allowed.ONLY_VALUES, (_TERMINAL, _BYTES_LEFT, _CLOSE_ON_EXEC))),
        # What was given up at the start stays given up.
        "prctl": (Numbers(157, 167), Rule(0, Allowed.NOT_VALUES, (_PARENT_DEATH, _DUMPABLE, _TRACER))),
    }
