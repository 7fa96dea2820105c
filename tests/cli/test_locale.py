"""Numbers and columns as German and French programs write them: on request, or refused; dates are never guessed."""

import csv
import json
import os
import subprocess
import sys

import pyarrow.parquet as parquet
import pytest

from xl_aicost.assumptions import load_assumptions
from xl_aicost.assumptions.dialect import CsvFormat, in_english
from xl_aicost.cli.main import main
from xl_aicost.errors import DataError
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.workbook.batch import batch, manifest
from xl_aicost.xlsx.package import open_package


def run(capsys, *words):
    """Run the command in this process; return exit code, output and errors."""
    sys.argv = ["xl-aicost", *map(str, words)]
    with pytest.raises(SystemExit) as stop:
        main()
    shown = capsys.readouterr()
    return stop.value.code or 0, shown.out, shown.err


HEAD = "id;label;unit;low;base;high;min;max;kind;source;note"
PRICE = {
    "german": "gpu_unit_price;GPU unit price;USD/GPU;25.000;27.500,5;40000;1.000;1.000.000;estimate;https://a.example;1.250 as a text, kept",
    "french": "gpu_unit_price;GPU unit price;USD/GPU;25 000;27\u202f500,5;40000;1\u00a0000;1 000 000;estimate;https://a.example;1 250",
}


@pytest.mark.parametrize("form", ["german", "french"])
def test_a_file_is_understood_on_request(tmp_path, capsys, form):
    own = tmp_path / "own.csv"
    own.write_text(f"{HEAD}\n{PRICE[form]}\n", encoding="utf-8")
    for words in (["--csv-format", form, "eval"], ["eval", f"--csv-format={form}"], ["eval", "--csv-format", form]):
        code, out, _ = run(capsys, *words, "gpu_unit_price", "--assumptions", own, "--json")
        assert (code, json.loads(out)["value"]) == (0, 27500.5)
    item = load_assumptions(in_english(own, CsvFormat(form), _folder(tmp_path)))["gpu_unit_price"]
    assert (item.low, item.high, item.max) == (25_000, 40_000, 1_000_000)
    assert item.note.startswith("1.250" if form == "german" else "1 250")


def _folder(tmp_path):
    (tmp_path / "english").mkdir()
    return tmp_path / "english"


def test_it_is_refused_without_the_request(tmp_path, capsys):
    own = tmp_path / "own.csv"
    own.write_text(f"{HEAD}\n{PRICE['german']}\n", encoding="utf-8")
    code, _, err = run(capsys, "eval", "gpu_unit_price", "--assumptions", own)
    assert code == 2
    assert err == (
        "xl-aicost: own.csv, row 1: no column 'id'; needed are id, label, unit, low, base, high, min, max, kind, "
        "source, note; it separates by semicolons: see --csv-format\n"
    )
    code, _, err = run(capsys, "--csv-format", "klingon", "eval", "pue")
    assert (code, "english, german, french" in err) == (2, True)


@pytest.mark.parametrize(
    ("form", "cell"),
    [
        ("german", "0.085"),
        ("german", "1,250.5"),
        ("german", "1.25"),
        ("german", "1.2500"),
        ("german", "12.34.567"),
        ("german", "1 250"),
        ("german", "01.250"),
        ("german", "$5"),
        ("german", "01.02.2025"),
        ("french", "1.5"),
        ("french", "1 25"),
        ("french", "1,250,000"),
        ("french", "01/02/2025"),
    ],
)
def test_what_is_written_otherwise_is_refused(tmp_path, form, cell):
    own = tmp_path / "own.csv"
    own.write_text(f"name;gpus\nA;{cell}\n", encoding="utf-8")
    with pytest.raises(DataError, match=rf"own.csv, row 2, column gpus: .* is not a number in {form} format"):
        in_english(own, CsvFormat(form), _folder(tmp_path))


def test_tables_of_batch_and_sweep(tmp_path, capsys):
    table = tmp_path / "companies.csv"
    table.write_text('name;ai_spend;layoff_share\n"Ä; 1.000 GmbH";1.250.000.000;0,075\nB;;\n', encoding="utf-8")
    code, out, _ = run(capsys, "batch", table, "--out", tmp_path / "out", "--workers", "1", "--csv-format", "german")
    assert (code, "2 of 2 workbooks" in out) == (0, True)
    first, _ = manifest(tmp_path / "out")
    typed = ReturnedWorkbook(open_package(tmp_path / "out" / first.file)).input_values
    assert first.name == "Ä; 1.000 GmbH"
    assert (typed["ai_spend"]["Your value"], typed["layoff_share"]["Your value"]) == (1.25e9, 0.075)
    grid = tmp_path / "grid.csv"
    grid.write_text("gpus;pue\n1.000;1,2\n20.000;1,3\n", encoding="utf-8")
    code, _, _ = run(
        capsys, "sweep", grid, "--line", "gpu_capex", "--out", tmp_path / "o.parquet", "--csv-format", "german"
    )
    assert code == 0
    assert parquet.read_table(tmp_path / "o.parquet")["gpu_capex"].to_pylist() == [30e6, 600e6]


def test_dates_are_never_guessed(tmp_path):
    for number, text in enumerate(("2025-06-30", "30.06.2025", "6/30/2025", "45838.5", "Jun 2025")):
        table = tmp_path / f"companies{number}.csv"
        with table.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["name", "company", "year"], ["A", "META", text]])
        batch(table, tmp_path / f"out{number}")
        (entry,) = manifest(tmp_path / f"out{number}")
        assert "column year" in entry.error


@pytest.mark.parametrize("words", [("answer",), ("answer", "--json"), ("--help",), ("list", "scenarios")])
def test_output_into_a_file_is_utf_8_on_a_system_that_has_another_encoding(words):
    """As on Windows, where a pipe has the code page of the system: bars and marks are no characters of cp1252."""
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    program = [sys.executable, "-c", "from xl_aicost.cli.main import main; main()", *words]
    done = subprocess.run(program, capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode("utf-8")
    assert words != ("answer",) or "\N{FULL BLOCK}" in text
