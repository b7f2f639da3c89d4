"""Text from a picture, made short and plain. Free of decoders, so that every process may import it."""

LONGEST_TEXT = 80


def plain(untrusted_text: str, length: int = LONGEST_TEXT) -> str | None:
    """One line of printable letters, at most ``length``; None where nothing is left."""
    kept = "".join(ch if ch.isprintable() else " " for ch in untrusted_text[: 20 * length])
    return " ".join(kept.split())[:length].strip() or None
