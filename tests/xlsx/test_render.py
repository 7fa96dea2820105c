"""Printing needs programs of others; without one a line says which, and nothing is written."""

import pytest

from xl_aicost.errors import AicostError
from xl_aicost.workbook.build import build
from xl_aicost.xlsx.render import render


def test_without_libreoffice_a_line_says_what_is_missing(tmp_path, monkeypatch):
    path = tmp_path / "board.xlsx"
    build("board", path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AicostError, match=r"^soffice is not installed; it comes with LibreOffice"):
        render(path, tmp_path / "board.pdf")
    assert [p.name for p in tmp_path.iterdir()] == ["board.xlsx"]
