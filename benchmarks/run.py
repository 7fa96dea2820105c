"""Measure everything and write docs/performance.md: python -m benchmarks.run [NAME ...]

The names are those of the modules: model, workbooks, start, hosts, growth. Without one, all run, which takes less than ten minutes.
"""

from __future__ import annotations

import importlib
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import ROOT, Figure

GROUPS = {
    "model": "The model",
    "workbooks": "Workbooks",
    "start": "Starting",
    "hosts": "In a cell",
    "growth": "Growth",
}
PAGE = ROOT / "docs" / "performance.md"
HEAD = """# Performance

Every figure is a ratio of two things measured in turns in one run, so that it does not depend on how fast the machine is;
`make bench` measures them all again and writes this page. What is promised stands beside what was found.
"""


def measured(names: list[str]) -> dict[str, list[Figure]]:
    """Run the groups and print each figure as it comes."""
    found: dict[str, list[Figure]] = {}
    for name in names:
        found[name] = []
        for figure in importlib.import_module(f"benchmarks.{name}").figures():
            found[name].append(figure)
            print(
                f"{'ok  ' if figure.holds else 'MISS'} {figure.what}: {_shown(figure)} ({figure.promised})", flush=True
            )
            print(f"     {figure.how}", flush=True)
    return found


def _shown(figure: Figure) -> str:
    return f"{figure.found:,.3g} {figure.unit}".strip() if figure.found < 1000 else f"{figure.found:,.0f} {figure.unit}"


def page(found: dict[str, list[Figure]]) -> str:
    """Return the page."""
    made = datetime.now(UTC).strftime("%Y-%m-%d")
    machine = f"Measured on {made} with Python {platform.python_version()} on {platform.system()}, two cores."
    parts = [HEAD, machine]
    for name, figures in found.items():
        parts.append(f"\n## {GROUPS[name]}\n\n| what | found | promised | holds | how |\n|---|---|---|---|---|")
        parts += [
            f"| {f.what} | {_shown(f)} | {f.promised} | {'yes' if f.holds else '**no**'} | {f.how} |" for f in figures
        ]
    return "\n".join(parts) + "\n"


def main() -> None:
    """Measure what is named, or all; all of it writes the page, and one miss makes the exit code 1."""
    names = sys.argv[1:] or list(GROUPS)
    found = measured(names)
    if names == list(GROUPS):
        PAGE.write_text(page(found), encoding="utf-8")
        print(Path(PAGE).relative_to(ROOT))
    sys.exit(not all(f.holds for figures in found.values() for f in figures))


if __name__ == "__main__":
    main()
