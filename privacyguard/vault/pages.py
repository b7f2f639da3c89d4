"""What was seen of the sites that a person named, so that the next look asks for what is new. No content, no face.

All of it belongs to the face pattern, and goes with it: another pattern makes everything due again.
"""

import dataclasses
import json
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from privacyguard.model.finding import Finding
from privacyguard.model.webpage import PageContent, SeenPage, SeenPicture
from privacyguard.vault import findings as stored
from privacyguard.vault.database import Transaction
from privacyguard.vault.fields import Fields, moment_text, strictly
from privacyguard.vault.vault import Vault

LOOK_AGE = timedelta(days=1)
"""An older look that was stopped is not gone on with: what it saw first may have changed."""

KEPT_FOR = timedelta(days=180)
"""Since a page or picture was last seen."""

CONTENT_BYTES = 2 * 1024 * 1024
"""Of what is told of one page, unpacked."""


class SitePages:
    """What was seen for one person with one face pattern. Each call is one transaction and raises what the vault raises."""

    def __init__(self, person_id: str, template_id: str, reading: Transaction, writing: Transaction) -> None:
        self._person_id = person_id
        self._template_id = template_id
        self._reading = reading
        self._writing = writing

    @classmethod
    def of(cls, vault: Vault, person_id: str, template_id: str) -> "SitePages":
        """Those in the vault. ``template_id`` names the face pattern."""
        return cls(person_id, template_id, vault._reading, vault._writing)

    def begin(self, site: str, now: datetime) -> datetime:
        """When the look at this site began: ``now``, or the time of the last one, where that was stopped within a day."""
        with self._writing() as connection:
            row = connection.execute(
                "SELECT began_at FROM site_look WHERE person_id = ? AND site = ?", (self._person_id, site)
            ).fetchone()
            if row is not None:
                with strictly():
                    began_at = Fields.from_row(row).moment("began_at")
                if abs(now - began_at) <= LOOK_AGE:
                    return began_at
            # Not for a face pattern that was forgotten meanwhile.
            statement = "INSERT OR REPLACE INTO site_look SELECT person_id, ?, ? FROM template WHERE person_id = ?"
            connection.execute(statement, (site, moment_text(now), self._person_id))
        return now

    def end(self, site: str, now: datetime) -> None:
        """The site was looked at to its end; what was not seen for long is forgotten."""
        oldest = moment_text(now - KEPT_FOR)
        with self._writing() as connection:
            connection.execute("DELETE FROM site_look WHERE person_id = ? AND site = ?", (self._person_id, site))
            for table in ("page", "web_picture"):
                statement = f"DELETE FROM {table} WHERE person_id = ? AND seen_at < ?"  # noqa: S608
                connection.execute(statement, (self._person_id, oldest))

    def page(self, address: str) -> SeenPage | None:
        """The page as it was when it was last seen, or None."""
        with self._reading() as connection:
            statement = "SELECT * FROM page WHERE person_id = ? AND address = ?"
            row = connection.execute(statement, (self._person_id, address)).fetchone()
        if row is None:
            return None
        with strictly():
            return _page(Fields.from_row(row))

    def keep_page(self, page: SeenPage) -> None:
        """Keep a page in place of what was known of it."""
        told = json.dumps(dataclasses.asdict(page.content), separators=(",", ":")).encode()
        row = (page.address, page.landed, page.etag, page.modified, page.sha256, zlib.compress(told))
        statement = """INSERT OR REPLACE INTO page SELECT person_id, ?, ?, ?, ?, ?, ?, ? FROM template
            WHERE person_id = ?"""
        with self._writing() as connection:
            connection.execute(statement, (*row, moment_text(page.seen_at), self._person_id))

    def picture(self, address: str) -> SeenPicture | None:
        """The picture as it was when it was last looked at for this face pattern, or None."""
        with self._reading() as connection:
            statement = "SELECT * FROM web_picture WHERE person_id = ? AND address = ? AND template_id = ?"
            row = connection.execute(statement, (self._person_id, address, self._template_id)).fetchone()
        if row is None:
            return None
        with strictly():
            return _picture(Fields.from_row(row))

    def keep_picture(
        self, picture: SeenPicture, source_id: str = "", findings: Sequence[Finding] = ()
    ) -> tuple[str, ...]:
        """Keep a picture in place of what was known of it, with what was found in it, all or nothing.

        The keys of findings that are new to the person.
        """
        row = (
            picture.address,
            picture.etag,
            picture.modified,
            picture.sha256,
            picture.template_id,
            picture.finding,
            picture.unreadable,
            moment_text(picture.seen_at),
        )
        statement = """INSERT OR REPLACE INTO web_picture SELECT person_id, ?, ?, ?, ?, ?, ?, ?, ? FROM template
            WHERE person_id = ?"""
        with self._writing() as connection:
            connection.execute(statement, (*row, self._person_id))
            if not findings:
                return ()
            return tuple(stored.save(connection, self._person_id, source_id, findings).new)


def _page(row: Fields) -> SeenPage:
    packed = zlib.decompressobj()
    told = packed.decompress(row.content("content"), CONTENT_BYTES)
    if not packed.eof:
        raise ValueError("too long, or cut")
    content = Fields.from_json(told.decode())
    return SeenPage(
        address=row.text("address"),
        landed=row.text("landed"),
        etag=row.optional_text("etag"),
        modified=row.optional_text("modified"),
        sha256=row.text("sha256"),
        content=PageContent(
            title=content.text("title"),
            pictures=content.texts("pictures"),
            links=content.texts("links"),
            next_pages=content.texts("next_pages"),
            styles=content.texts("styles"),
            canonical=content.optional_text("canonical"),
            may_follow=content.truth("may_follow"),
            left_out=content.integer("left_out"),
        ),
        seen_at=row.moment("seen_at"),
    )


def _picture(row: Fields) -> SeenPicture:
    return SeenPicture(
        address=row.text("address"),
        etag=row.optional_text("etag"),
        modified=row.optional_text("modified"),
        sha256=row.text("sha256"),
        template_id=row.text("template_id"),
        finding=row.optional_text("finding"),
        unreadable=row.optional_text("unreadable"),
        seen_at=row.moment("seen_at"),
    )
