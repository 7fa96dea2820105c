"""Count the lines of code of the package, room by room: python -m benchmarks.code_lines [FOLDER]

Docstrings, comments and blank lines do not count. FOLDER is a package, by default the one of this checkout; that of any
other checkout can be given, to compare two versions.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "xl_aicost"
NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def code_lines(source: str) -> int:
    """Return how many lines of a module hold code.

    >>> code_lines('"What it does."\\n\\nx = (  # a comment\\n    1\\n)\\n')
    3
    """
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    lines = {n for t in tokens if t.type not in NO_CODE for n in range(t.start[0], t.end[0] + 1)}
    return len(lines - _docstring_lines(ast.parse(source)))


def _docstring_lines(tree: ast.Module) -> set[int]:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    first = [n.body[0] for n in ast.walk(tree) if isinstance(n, documented) and ast.get_docstring(n) is not None]
    return {line for d in first for line in range(d.lineno, (d.end_lineno or d.lineno) + 1)}


def by_room(package: Path) -> Counter[str]:
    """Return the lines of code of each folder of a package; modules beside the folders count as one room."""
    rooms: Counter[str] = Counter()
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).parts
        rooms[parts[0] if len(parts) > 1 else "(top)"] += code_lines(path.read_text(encoding="utf-8"))
    return rooms


def main() -> None:
    """Print the lines of each room, the largest first, and the total."""
    rooms = by_room(Path(sys.argv[1]) if len(sys.argv) > 1 else PACKAGE)
    total = rooms.total()
    for room, lines in rooms.most_common():
        print(f"{room:12} {lines:7,} {lines / total:6.1%}")
    print(f"{'total':12} {total:7,}")


if __name__ == "__main__":
    main()
