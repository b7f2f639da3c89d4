"""Drawn portraits for pictures of the screens: simple shapes, nobody's face."""

from PIL import Image, ImageDraw

from privacyguard.model.picture import FaceCut

PALETTES = (
    ("#CBC0D8", "#9880BC", "#423556", "#6E5590"),
    ("#BFC0D8", "#8180BC", "#35385A", "#5A5598"),
    ("#D2BFD4", "#AE80B6", "#4A3556", "#865592"),
    ("#D8CBC0", "#BC9880", "#564235", "#90705A"),
)


def drawn_face(which: int = 0, size_px: int = 150) -> FaceCut:
    """A drawn portrait: ground, shoulders, face and hair in one of four palettes."""
    ground, face, hair, coat = PALETTES[which % len(PALETTES)]
    image = Image.new("RGB", (300, 300), ground)
    draw = ImageDraw.Draw(image)
    draw.ellipse((40, 210, 260, 420), fill=coat)
    draw.ellipse((90, 50, 210, 230), fill=face)
    draw.pieslice((82, 30, 218, 190), 180, 360, fill=hair)
    draw.polygon([(84, 110), (180, 75), (216, 120), (200, 70), (120, 45)], fill=hair)
    small = image.resize((size_px, size_px))
    return FaceCut(size_px, size_px, small.tobytes())
