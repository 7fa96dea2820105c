"""What is written from the catalogue: the reference page, and the catalogue that the task pane reads.

`python -m xl_aicost.hosts.reference` prints the page, `python -m xl_aicost.hosts.reference catalogue` the catalogue.
"""

from __future__ import annotations

import json
import sys

from xl_aicost.assumptions.companies import NAMES
from xl_aicost.catalogue.functions import CATALOGUE, Function
from xl_aicost.hosts.calls import answer

HEAD = """# Functions

Written from the catalogue by `python -m xl_aicost.hosts.reference > docs/functions.md`; a test keeps it fresh.

Every argument may be left out, or be a blank cell, and then takes its default. Arguments are numbers, columns, rows or
blocks; they broadcast as in Excel and the result has their shape. Functions marked 'spills' fill several cells.
"""


def page() -> str:
    """Return the page as Markdown."""
    found, chapter = [HEAD], ""
    for function in CATALOGUE.values():
        if function.chapter != chapter:
            chapter = function.chapter
            found.append(f"\n## {chapter.capitalize()}\n")
        found.append(_entry(function))
    return "\n".join(found)


def _entry(function: Function) -> str:
    unit = f" [{function.unit}]" if function.unit else ""
    lines = [f"### {function.signature}\n", f"{function.help}{unit}"]
    if function.arguments:
        lines += ["", "| argument | meaning | unit | default | accepted |", "|---|---|---|---|---|"]
        for a in function.arguments:
            default = a.default if isinstance(a.default, str) else f"{a.default:,.10g}"
            accepted = "text" if a.text else f"{a.least:,.10g} to {a.most:,.10g}"
            lines.append(f"| `{a.name}` | {a.meaning} | {a.unit} | {default} | {accepted} |")
    marks = [m for m, on in (("spills", function.spills), ("LAMBDA", function.closed_form)) if on]
    if function.line:
        marks.insert(0, f"line `{function.line}`")
    lines += [
        "",
        f"Example: `{function.example}` {_result(function)}" + (f" ({'; '.join(marks)})" if marks else ""),
        "",
    ]
    return "\n".join(lines)


def _result(function: Function) -> str:
    first = [a.example.strip('"') if a.text else float(a.example) for a in function.arguments[:1]]
    found = answer(function.name, *first)
    if isinstance(found, list):
        return f"fills {len(found)} x {len(found[0])} cells"
    return f"gives {found:,.10g}" if isinstance(found, float) else f"gives {found}"


def catalogue() -> str:
    """Return the catalogue as JSON: functions with their arguments, and the companies on file."""
    functions = [
        {
            "name": f.name,
            "chapter": f.chapter,
            "help": f.help,
            "unit": f.unit,
            "signature": f.signature,
            "example": f.example,
            "arguments": [{"name": a.name, "help": a.help, "default": a.default, "text": a.text} for a in f.arguments],
        }
        for f in CATALOGUE.values()
    ]
    return json.dumps({"functions": functions, "companies": list(NAMES.items())}, indent=1) + "\n"


if __name__ == "__main__":
    print(catalogue() if sys.argv[1:] == ["catalogue"] else page(), end="")
