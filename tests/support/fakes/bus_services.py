"""Services of a desktop on a test's own bus: they answer methods and properties as they are told, and say who asked what."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from jeepney import HeaderFields, Message, MessageType, message_bus, new_error, new_method_return
from jeepney.io.blocking import open_dbus_connection

PROPERTIES = "org.freedesktop.DBus.Properties"

Reply = tuple[str, object]
"""A signature and the value."""


@dataclass
class Service:
    """``properties``: by interface and name; ``methods``: by interface and name. ``asked``: every member that was asked;
    ``bodies``: what each was asked with last.

    What is not there is answered with an error; a method in ``silent`` is never answered.
    """

    name: str
    properties: Mapping[tuple[str, str], Reply] = field(default_factory=dict)
    methods: Mapping[tuple[str, str], Reply] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    asked: list[str] = field(default_factory=list)
    bodies: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def reply(self, message: Message) -> Message | None:
        """What to send back."""
        fields = message.header.fields
        interface, member = fields.get(HeaderFields.interface, ""), fields[HeaderFields.member]
        self.asked.append(member)
        self.bodies[member] = tuple(message.body)
        if member in self.silent:
            return None
        if (interface, member) == (PROPERTIES, "Get") and tuple(message.body) in self.properties:
            return new_method_return(message, "v", (self.properties[tuple(message.body)],))
        if (interface, member) in self.methods:
            signature, value = self.methods[interface, member]
            return new_method_return(message, signature, (value,))
        return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")


@contextmanager
def on_bus(address: str, *services: Service) -> Iterator[None]:
    """All of them are on the bus meanwhile, behind one connection."""
    by_name = {service.name: service for service in services}
    with open_dbus_connection(address) as connection:
        for name in by_name:
            connection.send_and_get_reply(message_bus.RequestName(name), timeout=20)
        is_over = threading.Event()

        def serve() -> None:
            while not is_over.is_set():
                try:
                    message = connection.receive(timeout=0.2)
                except TimeoutError:
                    continue
                if message.header.message_type is MessageType.method_call:
                    service = by_name.get(message.header.fields.get(HeaderFields.destination, ""))
                    reply = service.reply(message) if service is not None else None
                    if reply is not None:
                        connection.send(reply)

        thread = threading.Thread(target=serve, name="services")
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
