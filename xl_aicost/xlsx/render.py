"""A workbook as pages, as it prints: PDF through LibreOffice, and pictures of the pages through Poppler."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from lxml import etree

from xl_aicost.errors import AicostError, InputError
from xl_aicost.support.files import destination, replacing
from xl_aicost.xlsx.package import open_package
from xl_aicost.xlsx.xml import each

SECONDS = 240
PAPERS = {"A4": 9, "Letter": 1}  # as the file format numbers them
PAGE = re.compile(r"page-\d+\.png")


def render(
    path: Path,
    out: Path,
    *,
    pictures: bool = False,
    hidden: Collection[str] = (),
    paper: str = "A4",
    resolution: int = 110,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write the pages of a workbook: `out` is a .pdf file, or with `pictures` a folder for a picture a page, page-01.png.

    Sheets in `hidden` are left out, though the workbook stays as it is. A folder may hold pages of an earlier run, which
    are replaced. Raises DataError for a file that is no readable xlsx, InputError for an `out` or a `paper` that cannot be,
    and AicostError where a program is missing or fails.
    """
    if paper not in PAPERS:
        raise InputError(f"paper {paper!r} is not one of {', '.join(PAPERS)}")
    if pictures:
        _check_folder(out)
    else:
        destination(out, ".pdf")
    sheets = [s.name for s in open_package(path).sheets]
    if not set(sheets) - set(hidden):
        raise InputError(f"{path}: none of its {len(sheets)} sheets is for readers; --all prints them all")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy = folder / path.name  # which the footers show
        _write_copy(path, copy, hidden, PAPERS[paper])
        progress(f"LibreOffice prints {len(set(sheets) - set(hidden))} sheets")
        pdf = _pdf(copy, folder)
        if not pictures:
            with replacing(out) as temporary:
                shutil.copyfile(pdf, temporary)
            return [out]
        return _pictures(pdf, out, resolution, progress)


def _check_folder(out: Path) -> None:
    if out.is_file():
        raise InputError(f"{out} is a file; pictures need a folder")
    if not out.parent.is_dir():
        raise InputError(f"{out.parent} is not a folder")
    if out.is_dir() and (other := sorted(p.name for p in out.iterdir() if not PAGE.fullmatch(p.name))):
        raise InputError(f"{out} contains {other[0]!r}; pictures need a folder of their own")


def _write_copy(path: Path, copy: Path, hidden: Collection[str], paper: int) -> None:
    """Write a workbook with some sheets hidden and its pages on another paper."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "xl/workbook.xml" and hidden:
                content = _edited(content, lambda root: _hide(root, hidden))
            elif info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml"):
                content = _edited(content, lambda root: _set_paper(root, paper))
            target.writestr(info.filename, content)


def _edited(content: bytes, edit: Callable[[Any], None]) -> bytes:
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=True))
    edit(root)
    result: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return result


def _set_paper(worksheet: Any, paper: int) -> None:
    for page in each(worksheet, "pageSetup"):
        page.set("paperSize", str(paper))


def _hide(workbook: Any, hidden: Collection[str]) -> None:
    """Hide sheets and open the first of the others. LibreOffice prints a hidden sheet with a print area, so those go."""
    sheets = list(each(workbook, "sheet"))
    first = next(n for n, sheet in enumerate(sheets) if sheet.get("name") not in hidden)
    for sheet in sheets:
        if sheet.get("name") in hidden:
            sheet.set("state", "hidden")
    for view in each(workbook, "workbookView"):
        view.attrib.update({"activeTab": str(first), "firstSheet": str(first)})
    for names in each(workbook, "definedNames"):
        for name in list(names):
            sheet = sheets[int(name.get("localSheetId", first))]
            if name.get("name") == "_xlnm.Print_Area" and sheet.get("name") in hidden:
                names.remove(name)


def _pdf(copy: Path, folder: Path) -> Path:
    soffice = _program("soffice", "LibreOffice Calc")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    _run([soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(copy)])
    pdf = copy.with_suffix(".pdf")
    if not pdf.is_file():
        raise AicostError(f"{copy.name}: LibreOffice wrote no PDF")
    return pdf


def _pictures(pdf: Path, out: Path, resolution: int, progress: Callable[[str], None]) -> list[Path]:
    """Write a picture of each page into a folder, once all are made; pages of an earlier run go."""
    poppler, info = (_program(n, "poppler-utils") for n in ("pdftoppm", "pdfinfo"))
    count = int(re.findall(rb"Pages:\s+(\d+)", _run([info, str(pdf)]))[0])
    for number in range(1, count + 1):
        progress(f"page {number} of {count}")
        of_page = ["-f", str(number), "-l", str(number), "-singlefile"]
        _run([poppler, *of_page, "-r", str(resolution), "-png", str(pdf), str(pdf.parent / f"page-{number:02}")])
    out.mkdir(exist_ok=True)
    for old in out.iterdir():
        old.unlink()
    return [Path(shutil.move(pdf.parent / f"page-{n:02}.png", out)) for n in range(1, count + 1)]


def _program(name: str, package: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise AicostError(f"{name} is not installed; it comes with {package}")
    return path


def _run(command: list[str]) -> bytes:
    """Run a program and return what it prints. Raises AicostError, with its last words, where it fails or takes too long."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS)  # noqa: S603 (our own command line)
    except subprocess.TimeoutExpired:
        raise AicostError(f"{Path(command[0]).name} did not end within {SECONDS} seconds") from None
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise AicostError(f"{Path(command[0]).name} failed: {words[-1][:200] if words else done.returncode}")
    return done.stdout
