"""How far apart perceptual hashes of different portraits are, and how near copies stay: ``python -m tests.bench.copies``."""

import io
import json
from collections import Counter

from PIL import Image

from privacyguard.analysis.pool import AnalysisPool
from privacyguard.model.picture import distance
from privacyguard.pictures.copies import COPY_BITS
from tests.support.lfw import FOLDER, analyse_all, strangers

PORTRAITS, COPIED = 1000, 100


def figures() -> dict[str, object]:
    """Pairs of different portraits at or under the bound, and the largest distance of honest copies."""
    if not FOLDER.is_dir():
        return {"copies": None, "copies_missing": "the development faces are not beside the project"}
    paths = strangers()[:PORTRAITS]
    with AnalysisPool() as pool:
        hashes = [analysis.phash for analysis in analyse_all(paths, pool).values()]
        apart = Counter(distance(one, two) for place, one in enumerate(hashes) for two in hashes[:place])
        smaller, poorer = [], []
        for path in paths[:COPIED]:
            with Image.open(path) as picture:
                original = pool.analyse(path).phash
                quarter = picture.resize((max(1, picture.width // 4), max(1, picture.height // 4)))
                smaller.append(distance(original, pool.analyse(_jpeg(quarter, 90)).phash))
                poorer.append(distance(original, pool.analyse(_jpeg(picture, 30)).phash))
    pairs = sum(apart.values())
    wrong = sum(count for bits, count in apart.items() if bits <= COPY_BITS)
    return {
        "copies": {
            "bound bits": COPY_BITS,
            "pairs of different portraits": pairs,
            "of them at or under the bound": wrong,
            "nearest different pair, bits": min(apart),
            "copies at a quarter of the size, largest distance": max(smaller),
            "copies at JPEG quality 30, largest distance": max(poorer),
        }
    }


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    encoded = io.BytesIO()
    picture.convert("RGB").save(encoded, "JPEG", quality=quality)
    return encoded.getvalue()


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
