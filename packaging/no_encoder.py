"""An empty library in the place of x265, which libheif names for writing HEIC: the installed app reads HEIC, never writes it.

x265 is under GPL-2.0, which does not go together with other parts of the app, and has 22 MB. libheif asks it which coder it
offers, and takes none for an answer. Needs a C compiler, where the app is made.
"""

import re
import subprocess
import sys
from pathlib import Path

_ASKED = re.compile(rb"x265_(?:api_get_\d+|cleanup)(?=\0)")
_PLACE = re.compile(r"(?:^|/)(?:lib)?x265[-.\d]")


def is_encoder(place: str) -> bool:
    """Whether a file is the coder, by its place in the folder of the app."""
    return bool(_PLACE.search(place.replace("\\", "/")))


def empty_library(heif: Path, out: Path) -> Path:
    """A library at ``out`` that answers "none" to whatever this libheif asks its coder.

    Raises:
        ValueError: this libheif asks for no such coder, so it has changed.
    """
    asked = sorted({name.decode() for name in _ASKED.findall(heif.read_bytes())})
    if not asked:
        raise ValueError(heif.name)
    source = out.with_suffix(".c")
    source.write_text("".join(f"void *{name}(void) {{ return 0; }}\n" for name in asked), "ascii")
    # On Linux it needs no library of C, so no headers either. The others are untried.
    alone = ["-nostdlib"] if sys.platform == "linux" else []
    subprocess.run(["cc", "-shared", "-O1", "-s", *alone, "-o", str(out), str(source)], check=True)
    return out
