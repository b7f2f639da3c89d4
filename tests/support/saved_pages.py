"""Saved pages as browsers write them, and hostile ones."""

import base64
import quopri
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BOUNDARY = "----MultipartBoundary--jXc5FhYEa1"
ADDRESS = "https://results.example.com/search?q=1"


@dataclass(frozen=True)
class Result:
    """A picture on a page of results: what it is, the page it leads to, and its own address."""

    content: bytes
    link: str | None = None
    address: str = "https://cdn.example.com/a.png"


def html(body: str, title: str = "Results", address: str | None = ADDRESS) -> str:
    """A page as Chrome saves it."""
    mark = f"<!-- saved from url=({len(address):04d}){address} -->\n" if address else ""
    return f"<!DOCTYPE html>\n{mark}<html><head><meta charset=utf-8><title>{title}</title></head><body>{body}</body></html>"


def linked(name: str, link: str | None) -> str:
    """A picture, in a link where there is one."""
    image = f'<img src="{name}" alt="">'
    return image if link is None else f'<a href="{link}"><div>{image}</div></a>'


def data_uri(content: bytes, kind: str = "png") -> str:
    """A picture inside a page."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def single_file(results: Sequence[Result], address: str | None = ADDRESS) -> bytes:
    """HTML that holds its pictures itself."""
    return html("".join(linked(data_uri(each.content), each.link) for each in results), address=address).encode()


def with_folder(folder: Path, results: Sequence[Result], name: str = "Results", ending: str = "_files") -> Path:
    """HTML with a folder of pictures beside it; the page."""
    beside = folder / f"{name}{ending}"
    beside.mkdir(parents=True)
    body = []
    for number, each in enumerate(results):
        (beside / f"a b{number}.png").write_bytes(each.content)
        body.append(linked(f"./{name}{ending}/a%20b{number}.png", each.link))
    (beside / "code.js").write_text("1", "utf-8")
    page = folder / f"{name}.html"
    page.write_text(html("".join(body)), "utf-8")
    return page


def part(headers: dict[str, str], body: bytes) -> bytes:
    """One part of a message."""
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"--{BOUNDARY}\r\n{head}\r\n".encode() + body + b"\r\n"


def message(parts: Sequence[bytes], head: str = "") -> bytes:
    """A page in one file, as Chrome writes it."""
    start = (
        "From: <Saved by Blink>\r\n"
        f"Snapshot-Content-Location: {ADDRESS}\r\n"
        "Subject: Results\r\nMIME-Version: 1.0\r\n"
        f'{head}Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="{BOUNDARY}"\r\n\r\n\r\n'
    )
    return start.encode() + b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def html_part(body: str, charset: str = "utf-8") -> bytes:
    """The page itself."""
    coded = quopri.encodestring(html(body, address=None).encode())
    headers = {
        "Content-Type": f"text/html; charset={charset}",
        "Content-ID": "<frame-1@mhtml.blink>",
        "Content-Transfer-Encoding": "quoted-printable",
        "Content-Location": ADDRESS,
    }
    return part(headers, coded)


def picture_part(content: bytes, address: str, name: str = "") -> bytes:
    """A picture of the page."""
    headers = {"Content-Type": "image/png", "Content-Transfer-Encoding": "base64", "Content-Location": address}
    if name:
        headers["Content-ID"] = f"<{name}>"
    return part(headers, base64.encodebytes(content))


def mhtml(results: Sequence[Result]) -> bytes:
    """A page of results in one file."""
    body = "".join(linked(each.address, each.link) for each in results)
    return message([html_part(body), *(picture_part(each.content, each.address) for each in results)])
