"""What is written from the catalogue: the reference page, the same for the server, and what other programs read.

`python -m xl_aicost.hosts.reference` prints the page, with `help` the server's, with `pane` what the task pane reads, with
`interface` what LibreOffice's SDK compiles.
"""

from __future__ import annotations

import json
import sys
from html import escape
from itertools import groupby

from xl_aicost.assumptions import load_scenarios
from xl_aicost.assumptions.figures import NAMES
from xl_aicost.catalogue.functions import CATALOGUE, Argument, Function
from xl_aicost.hosts.calls import answer
from xl_aicost.hosts.cells import CellProblem
from xl_aicost.hosts.choices import choices
from xl_aicost.hosts.libreoffice import interface
from xl_aicost.support.excel_errors import EXCEL_ERRORS

HEAD = """# Functions

Written from the catalogue by `make reference`; a test keeps it fresh.

Every argument may be left out, or be a blank cell, and then takes its default. Arguments are numbers, columns, rows or
blocks; they broadcast as in Excel and the result has their shape. Functions marked 'spills' fill several cells.
"""
COLUMNS = ("argument", "meaning", "unit", "default", "accepted")
# what people type who look for a function, and the words that the catalogue uses
SYNONYMS = {
    "chip": "gpu",
    "power": "electricity mw",
    "energy": "electricity",
    "staff": "headcount jobs layoff",
    "people": "headcount jobs layoff",
    "employees": "headcount jobs layoff",
    "workforce": "headcount jobs layoff",
    "salary": "compensation loaded base_salary",
    "redundancy": "severance layoff",
    "roi": "irr npv payback",
    "return": "irr npv payback",
    "lease": "rental",
    "monte": "simulate",
    "carlo": "simulate",
    "risk": "simulate tornado",
    "sensitivity": "tornado",
    "amortization": "depreciation",
    "upgrade": "refresh",
}


def page() -> str:
    """Return the page as Markdown."""
    parts = [HEAD]
    for chapter, functions in groupby(CATALOGUE.values(), lambda f: f.chapter):
        parts += [f"\n## {chapter.capitalize()}\n", *map(_entry, functions)]
    return "\n".join(parts)


def _entry(function: Function) -> str:
    unit = f" [{function.unit}]" if function.unit else ""
    lines = [f"### {function.signature}\n", f"{function.help}{unit}"]
    if function.arguments:
        lines += ["", f"| {' | '.join(COLUMNS)} |", "|---|---|---|---|---|"]
        lines += [f"| `{a.name}` | {' | '.join(_told(a))} |" for a in function.arguments]
    marks = _marks(function)
    lines += [
        "",
        f"Example: `{function.example}` {_result(function)}" + (f" ({'; '.join(marks)})" if marks else ""),
        "",
    ]
    return "\n".join(lines)


def _marks(function: Function) -> list[str]:
    marks = [m for m, on in (("spills", function.spills), ("LAMBDA", function.closed_form)) if on]
    return [f"line `{function.line}`", *marks] if function.line else marks


def _told(argument: Argument) -> list[str]:
    default = argument.default if isinstance(argument.default, str) else _full(argument.default)
    accepted = "text" if argument.text else f"{_full(argument.least)} to {_full(argument.most)}"
    return [argument.meaning, argument.unit, default, accepted]


def _result(function: Function) -> str:
    first = [a.example.strip('"') if a.text else float(a.example) for a in function.arguments[:1]]
    try:
        result = answer(function.name, *first)
    except CellProblem as problem:
        return f"gives {problem.error.code}"
    if isinstance(result, list):
        return f"fills {len(result)} x {len(result[0])} cells"
    if not isinstance(result, float):
        return f"gives {result}"
    return (
        f"gives {result * 100:.4g}%" if function.unit == "share" else f"gives {_full(result)} {function.unit}".rstrip()
    )


def _full(value: float) -> str:
    """Return a number without an exponent, as finance writes it.

    >>> _full(6.5e10), _full(1e15), _full(0.05), _full(824193.24160)
    ('65,000,000,000', '1,000,000,000,000,000', '0.05', '824,193.2416')
    """
    return f"{value:,.0f}" if abs(value) >= 1e10 else f"{value:,.10g}"


def help_page() -> str:
    """Return the page as HTML, each function with its name as id: what Excel opens for help."""
    sections = [
        f"<h2>{chapter.capitalize()}</h2>\n" + "\n".join(map(_section, functions))
        for chapter, functions in groupby(CATALOGUE.values(), lambda f: f.chapter)
    ]
    about = HEAD.split("\n\n", 2)[2].strip()
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>AI cost functions</title>\n'
        '<link rel="stylesheet" href="css/style.css">\n</head>\n<body>\n<main class="pane help">\n'
        f"<h1>AI cost functions</h1>\n<p>{escape(about)}</p>\n" + "\n".join(sections) + "\n</main>\n</body>\n</html>\n"
    )


def _section(function: Function) -> str:
    rows = "".join(
        f"<tr><td><code>{a.name}</code></td>{''.join(f'<td>{escape(t)}</td>' for t in _told(a))}</tr>\n"
        for a in function.arguments
    )
    heads = "".join(f'<th scope="col">{c}</th>' for c in COLUMNS)
    table = f"<table>\n<tr>{heads}</tr>\n{rows}</table>\n" if rows else ""
    example = f"<p>Example: <code>{escape(function.example)}</code> {escape(_result(function))}</p>"
    return (
        f'<section id="{function.name}">\n<h3>{escape(function.signature)}</h3>\n<p>{escape(function.help)}</p>\n'
        f"{table}{example}\n</section>"
    )


def pane() -> str:
    """Return what the task pane reads as JSON: functions with their arguments, companies, scenarios, sheets."""
    from xl_aicost.workbook.build import assemble

    functions = [
        {
            "name": f.name,
            "chapter": f.chapter,
            "help": f.help,
            "unit": f.unit,
            "signature": f.signature,
            "example": f.example,
            "arguments": [
                {"name": a.name, "help": a.help, "default": a.default, "text": a.text, "choices": choices(f, a)}
                for a in f.arguments
            ],
        }
        for f in CATALOGUE.values()
    ]
    read = {
        "functions": functions,
        "companies": list(NAMES.items()),
        "scenarios": [(name, story.title) for name, story in load_scenarios().items()],
        "sheets": len(assemble("cluster").wb.sheetnames),
        "synonyms": SYNONYMS,
        "errors": {names.office: code for code, names in EXCEL_ERRORS.items()},
    }
    return json.dumps(read, indent=1) + "\n"


if __name__ == "__main__":
    pages = {"help": help_page, "pane": pane, "interface": interface}
    print(pages[sys.argv[1]]() if sys.argv[1:] else page(), end="")
