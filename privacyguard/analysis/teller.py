"""What a worker does with a file beside its pixels: read what it says of itself, and make cleaned copies."""

import json

from privacyguard.model.provenance import HiddenDetails, Provenance
from privacyguard.pictures.credentials import CredentialsReader


class Teller:
    """Reads what files say. ``anchors``: as :class:`~privacyguard.pictures.credentials.CredentialsReader` takes them."""

    def __init__(self, anchors: str = "") -> None:
        self._credentials = CredentialsReader(anchors)

    def told(self, content: bytes, hidden: bool) -> tuple[Provenance | None, HiddenDetails | None]:
        """What a picture says of how it was made, and, where it is asked for, what it tells beside what it shows."""
        from privacyguard.pictures.blocks import read_blocks
        from privacyguard.pictures.metadata import hidden_details
        from privacyguard.pictures.provenance import provenance_of

        blocks = read_blocks(content, whole=hidden)
        return provenance_of(content, blocks, self._credentials), hidden_details(blocks) if hidden else None

    def cleaned(self, content: bytes) -> bytes:
        """The answer with a cleaned copy: a line of JSON, then the copy. Raises PictureUnreadable."""
        from privacyguard.pictures.cleaning import SeveralPages, cleaned

        try:
            copy = cleaned(content)
        except SeveralPages:
            return b'{"several_pages": true}'
        head = {"format": copy.format, "removed": sorted(copy.removed), "bytes": len(copy.content)}
        return json.dumps(head).encode() + b"\n" + copy.content
