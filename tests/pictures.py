"""The pictures of README and docs/pages.md, made from built workbooks: `python -m tests.pictures`.

Each is the first page of a sheet as it prints, without its footer, in at most 128 colours.
"""

import tempfile
from pathlib import Path

from PIL import Image, ImageChops

from xl_aicost.workbook.build import build
from xl_aicost.xlsx.package import open_package
from xl_aicost.xlsx.render import render

IMAGES = Path(__file__).parents[1] / "docs" / "images"
BOOKS = {"cluster": ("cluster", {}), "meta": ("company", {"company": "META", "year": 2026}), "five": ("comparison", {})}
PICTURES = {  # by the sheet that it shows: the workbook
    "Answer": "meta",
    "Compare": "five",
    "Cluster": "cluster",
    "Options": "meta",
    "Afford": "meta",
    "Returns": "cluster",
    "Sensitivity": "cluster",
    "Companies": "cluster",
    "Inputs": "meta",
    "Claims": "cluster",
}
RESOLUTION, MARGIN, FOOTER, COLOURS = 130, 24, 0.06, 128


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for book, (template, arguments) in BOOKS.items():
            build(template, folder / f"{book}.xlsx", **arguments)
        for sheet, book in PICTURES.items():
            path = folder / f"{book}.xlsx"
            others = {s.name for s in open_package(path).sheets} - {sheet}
            page, *_ = render(path, folder / sheet, pictures=True, hidden=others, resolution=RESOLUTION)
            cropped(Image.open(page).convert("RGB")).save(IMAGES / f"{sheet.lower()}.png", optimize=True)
            print(IMAGES / f"{sheet.lower()}.png")


def cropped(page: Image.Image) -> Image.Image:
    """Return what stands on a page, with a margin around it."""
    page = page.crop((0, 0, page.width, round(page.height * (1 - FOOTER))))
    left, top, right, bottom = ImageChops.invert(page).getbbox()
    box = (
        max(0, left - MARGIN),
        max(0, top - MARGIN),
        min(page.width, right + MARGIN),
        min(page.height, bottom + MARGIN),
    )
    return page.crop(box).quantize(COLOURS, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()
