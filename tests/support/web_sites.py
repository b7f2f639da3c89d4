"""A real web server (nginx) on loopback with a site whose galleries show pictures in every way that pages know, and traps.

The site is ``club.example``, its pictures' second home ``cdn.example``; both are reached through ``[net] resolve``.
"""

import gzip
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

HOST, CDN, OTHER = "club.example", "cdn.example", "other.example"
FORBIDDEN = ("169.254.169.254", "127.0.0.1:22")
ROBOTS = """User-agent: *
Disallow: /

User-agent: PrivacyGuard/2
Disallow: /private/
Disallow: /*.secret$
Allow: /private/open/
Sitemap: http://club.example/maps/index.xml
"""

CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    log_format seen escape=json '{{"host":"$host","path":"$request_uri","status":"$status","agent":"$http_user_agent",'
        '"referer":"$http_referer","cookie":"$http_cookie","none_match":"$http_if_none_match"}}';
    access_log {folder}/access.log seen;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    map $unit $next {{ 0 1; 1 2; 2 3; 3 4; 4 5; 5 6; 6 7; 7 8; 8 9; 9 0; }}
    server {{
        listen 127.0.0.1:{port};
        server_name club.example cdn.example;
        root {folder}/site;
        absolute_redirect off;
        location = /calendar {{
            default_type text/html;
            return 200 '<title>$arg_month</title><a href="/calendar?month=1$arg_month">next month</a>';
        }}
        location ~ ^/months/(?<decade>[0-9][0-9][0-9])(?<unit>[0-9])/(?<month>[0-9]+)$ {{
            default_type text/html;
            return 200 '<title>$month/$decade$unit</title>{months} <a href="/months/$decade$next/1">next year</a>';
        }}
        location ~ ^/days/([0-9]+)/([0-9]+)$ {{
            default_type text/html;
            return 200 '<title>$2</title><a href="/days/20$1/11">on</a> <a href="$uri/$1/">deeper</a>';
        }}
        location ~ ^/link-([0-9]+)[.]html$ {{ default_type text/html; return 200 '<title>$1</title>nothing'; }}
        location ~ ^/forever {{ default_type text/html; return 200 '<title>$uri</title><a href="forever/x$uri">on</a>'; }}
        location = /list {{ try_files /lists/$arg_page.html /lists/1.html; }}
        location = /loop {{ return 302 /loop2; }}
        location = /loop2 {{ return 302 /loop; }}
        location = /away {{ return 302 http://other.example/stolen.html; }}
        location = /to-metadata {{ return 302 http://169.254.169.254/latest/meta-data/; }}
        location = /old {{ return 301 /moved/gallery.html; }}
        location = /robots.txt {{ default_type text/plain; }}
    }}
}}
"""


def nginx() -> str | None:
    """The program, None where it is not installed."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@dataclass
class Site:
    """A running site. ``pictures``: by way, the address of each picture of the person, as it should be found; ``others``: of
    everybody else's.
    """

    folder: Path
    port: int
    pictures: dict[str, list[str]] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    @property
    def resolve(self) -> Mapping[str, str]:
        """For ``[net] resolve``."""
        return dict.fromkeys((HOST, CDN), f"127.0.0.1:{self.port}")

    @property
    def start(self) -> str:
        return f"http://{HOST}/"

    def write(self, path: str, content: bytes | str) -> str:
        """A file of the site; its address."""
        file = self.folder / "site" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return f"http://{HOST}/{path}"

    def requests(self) -> list[dict[str, str]]:
        """What the server saw so far."""
        log = self.folder / "access.log"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def paths(self) -> list[str]:
        return [each["path"] for each in self.requests()]

    def forget_requests(self) -> None:
        """The server appends, so the file may be cut."""
        os.truncate(self.folder / "access.log", 0)


@contextmanager
def web_site(folder: Path) -> Iterator[Site]:
    """nginx over ``folder/site`` on a free port of 127.0.0.1."""
    program = nginx()
    assert program is not None
    (folder / "site").mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    months = "".join(f'<a href="/months/$decade$unit/{month}">{month}</a>' for month in range(1, 13))
    (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, port=port, months=months))
    running = subprocess.Popen(
        [program, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port, running, folder)
        yield Site(folder, port)
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(10)


def _wait_for(port: int, running: "subprocess.Popen[bytes]", folder: Path) -> None:
    ends_at = time.monotonic() + 10
    while time.monotonic() < ends_at:
        assert running.poll() is None, (folder / "error.log").read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.02)
    raise AssertionError("nginx did not begin to listen")


Show = Callable[[str, str], str]
"""The HTML that shows the picture at a path; the second argument is the path without its ending."""

WAYS: Mapping[str, Show] = {
    "img": lambda path, name: f'<img src="{path}">',
    "srcset": lambda path, name: f'<img src="/small.jpg" srcset="/small.jpg 160w, {path} 1200w, /huge.jpg 9000w">',
    "picture": lambda path, name: (
        f'<picture><source media="(min-width: 1px)" srcset="{path} 2x, /small.jpg"><img src="/small.jpg"></picture>'
    ),
    "lazy": lambda path, name: f'<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="{path}">',
    "lazy set": lambda path, name: f'<img class=lazy data-srcset="/small.jpg 100w, {path} 800w">',
    "lazy background": lambda path, name: f'<div data-bg="{path}"></div>',
    "noscript": lambda path, name: f"<noscript><img src={path}></noscript>",
    "open graph": lambda path, name: f'<meta property="og:image" content="http://{HOST}{path}">',
    "twitter": lambda path, name: f'<meta name="twitter:image" content="{path}">',
    "json-ld": lambda path, name: (
        '<script type="application/ld+json">'
        + json.dumps({"@graph": [{"@type": "Person", "image": {"@type": "ImageObject", "contentUrl": path}}]})
        + "</script>"
    ),
    "style attribute": lambda path, name: f"<p style=\"background:#fff url('{path}') no-repeat\">x</p>",
    "style element": lambda path, name: f"<style>.a{name[-3:].strip('-')} {{ background-image: url({path}) }}</style>",
    "linked": lambda path, name: f'<a href="{path}"><img src="/small.jpg"></a>',
    "poster": lambda path, name: f'<video poster="{path}" src="/film.mp4"></video>',
    "input": lambda path, name: f'<input type=image src="{path}">',
    "broken html": lambda path, name: f"<table><tr><td><b><i></p></table><img alt='>' src='{path}'",
}
"""On one page each."""


def page(title: str, *parts: str, head: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>{escape(title)}</title>{head}</head><body>{' '.join(parts)}</body></html>"
    )


class Gallery:
    """Fills a site with pictures of one person and of others, so many in each way."""

    def __init__(self, site: Site, mine: Sequence[bytes], others: Sequence[bytes], each: int, strangers: int) -> None:
        self.site = site
        self._mine, self._others = mine, others
        self._each, self._strangers = each, strangers
        self._count = 0

    def fill(self) -> None:
        """All ways and all traps, from the first page on."""
        links = [f'<a href="/{page_name}">{page_name}</a>' for page_name in (*self._simple(), *self._special())]
        self.site.write("small.jpg", self._others[0])
        self.site.write("huge.jpg", self._others[0])
        self.site.write("robots.txt", ROBOTS)
        self.site.write("index.html", page("Club", *links, *TRAPS))
        write_traps(self.site, self._mine[0])

    def _pictures(self, way: str, folder: str = "p", host: str = HOST) -> list[str]:
        """Paths of new pictures: the person's and those of others, mixed."""
        paths = []
        for number in range(self._each + self._strangers):
            is_mine = (number % 2 == 0 and number // 2 < self._each) or number >= 2 * self._strangers
            source = self._mine if is_mine else self._others
            path = f"{folder}/{way.replace(' ', '-')}-{self._count:04}.jpg"
            # Each file is another one: what was looked at before is known again by its content.
            self.site.write(path, source[self._count % len(source)] + f"{self._count}".encode())
            self._count += 1
            address = f"http://{host}/{path}"
            (self.site.pictures.setdefault(way, []) if is_mine else self.site.others).append(address)
            paths.append(f"/{path}")
        return paths

    def _simple(self) -> list[str]:
        names = []
        for way, show in WAYS.items():
            name = f"{way.replace(' ', '-')}.html"
            self.site.write(name, page(way, *(show(path, path[:-4]) for path in self._pictures(way))))
            names.append(name)
        return names

    def _special(self) -> list[str]:
        shown = [f'<img src="{path}">' for path in self._pictures("next pages")]
        for number, image in enumerate(shown):
            on = f'<a rel=next href="/pages/{number + 1}.html">on</a>' if number + 1 < len(shown) else ""
            self.site.write(f"pages/{number}.html", page(f"Page {number}", image, on))
        shown = [f'<img src="{path}">' for path in self._pictures("paged list")]
        for number, image in enumerate(shown, 1):
            links = [f'<a href="?page={other}">{other}</a>' for other in (number - 1, number + 1) if other]
            self.site.write(f"lists/{number}.html", page(f"List {number}", image, *links))
        shown = [f'<img src="{path}">' for path in self._pictures("photo pages")]
        for number, image in enumerate(shown):
            self.site.write(f"album/photo{number}.html", page(f"Photo {number}", image))
        album = [f'<a href="photo{number}.html">{number}</a>' for number in range(len(shown))]
        self.site.write("album/index.html", page("Album", *album))
        css = "".join(f".c{n}{{background:url(../{path[1:]})}}" for n, path in enumerate(self._pictures("style sheet")))
        self.site.write("css/more.css", css)
        self.site.write("css/main.css", '@import "more.css"; @font-face { src: url(font.woff2) }')
        self.site.write("styled.html", page("Styled", head='<link rel=stylesheet href="/css/main.css">'))
        relative = [f'<img src="{path.rpartition("/")[2]}">' for path in self._pictures("redirect", "moved")]
        self.site.write("moved/gallery.html", page("Moved", *relative))
        relative = [f'<img src="{path.rpartition("/")[2]}">' for path in self._pictures("base", "based")]
        self.site.write("base.html", page("Base", *relative, head='<base href="/based/">'))
        cdn = [f'<img src="http://{CDN}{path}">' for path in self._pictures("other host", host=CDN)]
        self.site.write("cdn.html", page("CDN", *cdn))
        framed = [f'<img src="{path}">' for path in self._pictures("frame")]
        self.site.write("inside.html", page("Inside", *framed))
        self.site.write("frame.html", page("Frame", '<iframe src="/inside.html"></iframe>'))
        latin = [f'<img src="{path}">' for path in self._pictures("other charset", "größe")]
        self.site.write("latin.html", page("Größe", *latin, head="<meta charset=iso-8859-1>").encode("latin-1"))
        self.site.pictures["other charset"] = [
            address.replace("größe", "gr%C3%B6%C3%9Fe") for address in self.site.pictures["other charset"]
        ]
        self.site.others = [address.replace("größe", "gr%C3%B6%C3%9Fe") for address in self.site.others]
        self._site_maps()
        pages = (
            "pages/0.html",
            "list",
            "album/",
            "styled.html",
            "old",
            "base.html",
            "cdn.html",
            "frame.html",
            "latin.html",
        )
        return list(pages)

    def _site_maps(self) -> None:
        shown = [f'<img src="{path}">' for path in self._pictures("site map")]
        self.site.write("unlinked/in-map.html", page("In the map", *shown))
        images = "".join(
            f"<image:image><image:loc>http://{HOST}{path}</image:loc></image:image>"
            for path in self._pictures("site map pictures")
        )
        names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
        urls = f"<url><loc>http://{HOST}/unlinked/in-map.html</loc></url><url><loc>http://{HOST}/x.html</loc>{images}</url>"
        packed = gzip.compress(f'<?xml version="1.0"?><urlset {names}>{urls}</urlset>'.encode())
        self.site.write("maps/one.xml.gz", packed)
        index = f"<sitemapindex {names}><sitemap><loc>http://{HOST}/maps/one.xml.gz</loc></sitemap></sitemapindex>"
        self.site.write("maps/index.xml", f'<?xml version="1.0"?>{index}')


BOMBS_SHOWN = ("65535.png", "ztxt.png", "laughs.png", "wide.bmp", "far.jpg", "vast-grid.heic")

TRAPS = [
    '<a href="/calendar?month=1">calendar</a>',
    '<a href="/months/2026/11">months</a>',
    '<a href="/days/2026/11">days</a>',
    '<a href="/forever">for ever</a>',
    '<a href="/loop">loop</a>',
    '<a href="/away">away</a>',
    '<a href="/to-metadata">to numbers</a>',
    '<a href="/many.html">10,000 links</a>',
    '<a href="/private/members.html">private</a>',
    '<a href="/private/open/door.html">open</a>',
    '<a href="/file.secret">secret</a>',
    '<a href="/nofollow.html">do not follow</a>',
    '<a href="/hostile.html">hostile</a>',
    '<a href="/bombs.html">bombs</a>',
    '<a href="/numbers.html">numbers</a>',
    f'<a href="http://{OTHER}/elsewhere.html">elsewhere</a>',
    '<a href="/members.html;jsessionid=1?PHPSESSID=1">session</a><a href="/members.html?PHPSESSID=2">session</a>',
    '<a href="/logout">sign out</a>',
    '<a href="/film.mp4">film</a>',
    '<a href="/gone.html">gone</a>',
    '<a href="javascript:alert(1)">script</a><a href="mailto:a@b.example">mail</a>',
]


def write_traps(site: Site, mine: bytes) -> None:
    """Pages that mean no good, or ask to be left alone. ``mine``: a picture that must not be found behind robots.txt."""
    from tests.support.bombs import BOMBS

    site.write("many.html", page("Many", *(f'<a href="/link-{number}.html">{number}</a>' for number in range(10_000))))
    site.write("private/me.jpg", mine)
    site.write("private/members.html", page("Private", '<img src="me.jpg">'))
    site.write("private/open/door.html", page("Open", '<img src="/private/me.jpg">'))
    site.write("file.secret", page("Secret", '<img src="/private/me.jpg">'))
    site.write(
        "nofollow.html", page("No", '<a href="/behind.html">b</a>', head='<meta name=robots content="nofollow">')
    )
    site.write("behind.html", page("Behind"))
    site.write("members.html", page("Members"))
    deep = "<div>" * 100_000 + "<img src=" + "a" * 500_000 + ">" + "<p>" * 100_000
    site.write("hostile.html", deep + "<script>while(1){}</script><style>" + "/*" * 50_000)
    site.write("too-large.html", "<p>" * 3_000_000)
    site.write(
        "bombs.html",
        page(
            "Bombs", *(f'<img src="/bombs/{n}.png">' for n in range(len(BOMBS_SHOWN))), '<a href="too-large.html">l</a>'
        ),
    )
    for number, name in enumerate(BOMBS_SHOWN):
        site.write(f"bombs/{number}.png", BOMBS[name]())
    numbers = [
        f'<img src="{scheme}://{place}/latest/me.jpg"><a href="{scheme}://{place}/a.html">a</a>'
        for scheme in ("http", "https")
        for place in (*FORBIDDEN, "[::1]", "2130706433", "localhost", "0x7f.1")
    ]
    link = '<link rel=stylesheet href="http://169.254.169.254/a.css"><link rel=next href="http://127.0.0.1:22/">'
    site.write("numbers.html", page("Numbers", *numbers, '<img src="file:///etc/passwd">', head=link))
