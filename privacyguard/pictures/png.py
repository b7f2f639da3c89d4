"""A face cut as a PNG file's bytes: made from our own pixels, so nothing foreign is in it."""

import io

from privacyguard.model.picture import FaceCut


def png_of(cut: FaceCut) -> bytes:
    """The cut as PNG."""
    from PIL import Image

    encoded = io.BytesIO()
    Image.frombytes("RGB", (cut.width, cut.height), cut.rgb).save(encoded, "PNG")
    return encoded.getvalue()
