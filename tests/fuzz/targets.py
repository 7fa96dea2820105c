"""What a coverage-guided fuzzer feeds: readers and loaders, each a function of bytes that may raise AicostError alone.

`corpus/` keeps, by target, the inputs that such a run found to reach new code, and every one that ever went wrong; a
test replays them all.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from xl_aicost.assumptions.loader import table_from_text
from xl_aicost.audit.rules import audit_rules
from xl_aicost.errors import AicostError
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.workbook.template import read_template
from xl_aicost.xlsx.package import open_package
from xl_aicost.xlsx.references import areas, normal, relative, shifted

CORPUS = Path(__file__).parent / "corpus"
EXAMPLE = Path(__file__).parents[2] / "workbooks" / "examples" / "company.xlsx"
PARTS = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "_rels/.rels",
)


def _scratch() -> Path:
    memory = Path("/dev/shm")
    return Path(tempfile.gettempdir()) if not memory.is_dir() else memory


def _audited(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=_scratch(), suffix=".xlsx") as file:
        file.write(data)
        file.flush()
        audit_rules(open_package(Path(file.name)))


def package(data: bytes) -> None:
    """A file as it is."""
    _audited(data)


@cache
def _small() -> dict[str, bytes]:
    import openpyxl

    book = openpyxl.Workbook()
    for row in range(1, 6):
        book.active[f"A{row}"], book.active[f"B{row}"] = row, f"=A{row}*2"
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        return {n: archive.read(n) for n in archive.namelist()}


def part(data: bytes) -> None:
    """One part of a workbook; the first byte says which."""
    if not data:
        return
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in (_small() | {PARTS[data[0] % len(PARTS)]: data[1:]}).items():
            archive.writestr(name, content)
    _audited(out.getvalue())


def formula(data: bytes) -> None:
    """A formula, taken apart and moved."""
    text = data.decode("utf-8", "replace")
    for form in (normal(text), relative(text, 5, 5), shifted(text, 3, -2)):
        assert isinstance(form, str)
    areas(text, "Sheet")


def assumptions(data: bytes) -> None:
    """A user's own assumptions."""
    table_from_text("own.csv", data.decode("utf-8", "replace"), ("Your value",))


def template(data: bytes) -> None:
    """A user's own template."""
    read_template(data.decode("utf-8", "replace"), "own")


@cache
def _example() -> ReturnedWorkbook:
    return ReturnedWorkbook(open_package(EXAMPLE))


def provenance(data: bytes) -> None:
    """What a workbook says that it was asked for."""
    ours = ReturnedWorkbook(_example().package)
    ours.facts = _example().facts | {"request": data.decode("utf-8", "replace")}
    assert ours.built is not None
    ours.command()


TARGETS: dict[str, Callable[[bytes], None]] = {
    f.__name__: f for f in (package, part, formula, assumptions, template, provenance)
}


def seeds(target: str) -> Iterator[bytes]:
    """Yield inputs that are right, to start from."""
    if target == "package":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in _small().items():
                archive.writestr(name, content)
        yield out.getvalue()
    elif target == "part":
        for number, name in enumerate(PARTS):
            yield bytes([number]) + _small().get(name, b"<sst/>")
    elif target == "formula":
        for text in ("SUM($A1:B$9)+'It''s'!A1", 'IF(A1>1,"x",[1]S!B2:C3)', "Sheet1!A:A*2:3-1.5E3%", "{1,2;3}#REF!"):
            yield text.encode()
    elif target == "assumptions":
        place = Path(__file__).parents[2] / "xl_aicost" / "assumptions" / "assumptions.csv"
        yield b"\n".join(place.read_bytes().split(b"\n")[:4])
    elif target == "template":
        for path in (Path(__file__).parents[2] / "workbooks").glob("*.toml"):
            yield path.read_bytes()
    else:
        yield _example().facts["request"].encode()


def try_one(target: str, data: bytes) -> None:
    """Feed one input; anything but AicostError is let through."""
    try:
        TARGETS[target](data)
    except AicostError as error:
        if "\n" in str(error):
            raise ValueError(f"an error of more than one line: {error}") from None
