"""A workbook as pages, as it prints: PDF through LibreOffice, and pictures of the pages through Poppler."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from xl_aicost.errors import AicostError
from xl_aicost.support.files import destination, replacing
from xl_aicost.xlsx.package import open_package

SECONDS = 240


def render(path: Path, out: Path, resolution: int = 110) -> list[Path]:
    """Write the pages of a workbook: `out` is a .pdf file, or ends in .png for a picture a page (NAME-01.png, ...).

    Raises DataError for a file that is no readable xlsx, InputError for an `out` that cannot be, and AicostError where a program is missing or fails.
    """
    destination(out, ".pdf", ".png")
    open_package(path)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pdf = _pdf(path, folder)
        if out.suffix.lower() == ".pdf":
            return [_moved(pdf, out)]
        _run([_program("pdftoppm", "poppler-utils"), "-r", str(resolution), "-png", str(pdf), str(folder / "page")])
        pages = sorted(folder.glob("page-*.png"))
        digits = max(2, len(str(len(pages))))
        return [_moved(p, out.with_name(f"{out.stem}-{n:0{digits}}.png")) for n, p in enumerate(pages, 1)]


def _pdf(path: Path, folder: Path) -> Path:
    soffice = _program("soffice", "LibreOffice Calc")
    copy = folder / path.name  # which the footers show
    shutil.copyfile(path, copy)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    _run([soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(copy)])
    pdf = copy.with_suffix(".pdf")
    if not pdf.is_file():
        raise AicostError(f"{path}: LibreOffice made no PDF of it")
    return pdf


def _program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise AicostError(f"{name} is not installed; it comes with {package}")
    return found


def _run(command: list[str]) -> None:
    """Run a program. Raises AicostError, with its last words, where it fails or takes too long."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS)  # noqa: S603 (our own command line)
    except subprocess.TimeoutExpired:
        raise AicostError(f"{Path(command[0]).name} did not end within {SECONDS} seconds") from None
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise AicostError(f"{Path(command[0]).name} failed: {words[-1][:200] if words else done.returncode}")


def _moved(file: Path, out: Path) -> Path:
    with replacing(out) as temporary:
        shutil.copyfile(file, temporary)
    return out
