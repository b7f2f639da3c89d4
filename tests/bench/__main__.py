"""Prints every measured figure as one JSON object: ``make bench``. About an hour on two cores."""

import importlib
import json
import pkgutil
import sys

import tests.bench


def main() -> None:
    """Run ``figures()`` of each module beside this one."""
    measured: dict[str, object] = {}
    for module in sorted(pkgutil.iter_modules(tests.bench.__path__), key=lambda found: found.name):
        if module.name != "__main__":
            print(f"{module.name} ...", file=sys.stderr, flush=True)
            measured |= importlib.import_module(f"tests.bench.{module.name}").figures()
    print(json.dumps(measured, indent=2))


if __name__ == "__main__":
    main()
