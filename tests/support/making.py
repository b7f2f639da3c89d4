"""The modules that make the installed app, by their place: their folder has the name of a package that tools use."""

import importlib.util
from pathlib import Path
from types import ModuleType

from tests.support.commands import ROOT


def module(name: str) -> ModuleType:
    """The module of that name in the folder ``packaging``; of a folder below it, as ``linux/build_deb``."""
    spec = importlib.util.spec_from_file_location(f"making_{Path(name).name}", ROOT / "packaging" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made
