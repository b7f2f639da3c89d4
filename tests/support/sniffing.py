"""Every connection and look-up of a network namespace, as its loopback device sees them. Only for a namespace of one's own."""

import ctypes
import socket
import struct
import threading
from dataclasses import dataclass, field

_ETH_P_ALL, _PACKET_OUTGOING = 0x0003, 4
_SOL_PACKET, _PACKET_STATISTICS, _SO_ATTACH_FILTER = 263, 6, 26
_IPV4, _TCP, _UDP = 0x0800, 6, 17
_ICMP, _UNREACHABLE = 1, 3
_DNS = 53
_MARK = "127.255.255.254"
_FILTER = [  # for the kernel: of TCP only what opens a connection (SYN without ACK), of all else everything
    (0x28, 0, 0, 12),
    (0x15, 0, 7, _IPV4),
    (0x30, 0, 0, 23),
    (0x15, 0, 5, _TCP),
    (0xB1, 0, 0, 14),
    (0x50, 0, 0, 27),
    (0x54, 0, 0, 0x12),
    (0x15, 1, 0, 0x02),
    (0x06, 0, 0, 0),
    (0x06, 0, 0, 0x40000),
]


@dataclass
class Traffic:
    """What went over the wire. ``opened``: number and port of each TCP connection that was begun; ``looked_up``: name of each
    question for an IPv4 number; ``other``: what was neither.
    """

    opened: list[tuple[str, int]] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)


class Sniffer:
    """Notes all traffic from its start on. Needs root in the namespace."""

    def __init__(self) -> None:
        self._traffic = Traffic()
        self._lock = threading.Lock()
        self._marked = threading.Event()
        self._packets = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(_ETH_P_ALL))
        program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in _FILTER))
        head = struct.pack("HP", len(_FILTER), ctypes.addressof(program))
        self._packets.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, head)
        self._packets.bind(("lo", _ETH_P_ALL))
        threading.Thread(target=self._read, daemon=True).start()

    def taken(self) -> Traffic:
        """What was seen since the last time.

        Raises:
            RuntimeError: the kernel had to drop packets, so something may be missing.
        """
        # All that was sent before is in the queue once a packet of our own came through.
        self._marked.clear()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mark:
            mark.sendto(b"mark", (_MARK, 9))
        if not self._marked.wait(10):
            raise RuntimeError("the sniffer does not see its own packet")
        _, dropped = struct.unpack("II", self._packets.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8))
        if dropped:
            raise RuntimeError(f"{dropped} packets were dropped")
        with self._lock:
            traffic, self._traffic = self._traffic, Traffic()
        return traffic

    def _read(self) -> None:
        while True:
            packet, (_, _, kind, *_) = self._packets.recvfrom(65536)
            if kind != _PACKET_OUTGOING:  # each comes twice
                with self._lock:
                    self._note(packet)

    def _note(self, packet: bytes) -> None:
        (protocol,) = struct.unpack_from("!H", packet, 12)
        if protocol != _IPV4:
            self._traffic.other.append(f"protocol {protocol:#x}")
            return
        at = 14 + (packet[14] & 0xF) * 4
        number = socket.inet_ntoa(packet[30:34])
        source_port, port = struct.unpack_from("!HH", packet, at)
        if packet[23] == _TCP:
            self._traffic.opened.append((number, port))
        elif packet[23] == _UDP and port == _DNS:
            name, kind = question(packet[at + 8 :])
            self._traffic.looked_up += [name] if kind == 1 else []
        elif packet[23] == _UDP and number == _MARK:
            self._marked.set()
        elif packet[23] == _UDP and source_port == _DNS:
            pass  # an answer
        elif packet[23] != _ICMP or packet[at] != _UNREACHABLE:
            self._traffic.other.append(f"{number} {packet[23]} {port}")


class NameServer:
    """Answers for the names of ``numbers`` on port 53 of this computer, and that there is no other."""

    def __init__(self, numbers: dict[str, str]) -> None:
        self._numbers = numbers
        self._asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._asked.bind(("127.0.0.1", _DNS))
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        while True:
            query, asker = self._asked.recvfrom(4096)
            name, kind = question(query)
            end = query.index(b"\0", 12) + 5
            number = self._numbers.get(name)
            answers = [socket.inet_aton(number)] if number and kind == 1 else []
            flags = 0x8180 if number else 0x8183  # or: no such name
            head = query[:2] + struct.pack("!HHHHH", flags, 1, len(answers), 0, 0)
            records = b"".join(struct.pack("!HHHIH", 0xC00C, 1, 1, 1, 4) + each for each in answers)
            self._asked.sendto(head + query[12:end] + records, asker)


def question(query: bytes) -> tuple[str, int]:
    """The name and the kind (1: IPv4, 28: IPv6) that a look-up asks for."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii"))
        at += 1 + query[at]
    (kind,) = struct.unpack_from("!H", query, at + 1)
    return ".".join(labels).lower(), kind
