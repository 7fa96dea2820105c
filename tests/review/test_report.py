"""The report of an audit is a page: what matters most first, and how much is left out."""

from pathlib import Path

import pytest

from xl_aicost.audit.findings import Finding
from xl_aicost.review.audit import Audit, sarif
from xl_aicost.review.report import PAGE, report


def findings(severity, count):
    return [
        Finding(severity, "typed-number", "Plan", f"A{n}", "a number is typed over", "Restore") for n in range(count)
    ]


@pytest.mark.parametrize("count", [0, 3, 20, 31, 32, 33, 34, 35, 36, 100])
@pytest.mark.parametrize("minor", [0, 5])
def test_a_report_fills_a_page_and_says_how_much_is_left_out(count, minor):
    made = Audit(Path("plan.xlsx"), [*findings("high", count), *findings("low", minor)])
    lines = report(made)
    assert len(lines) <= PAGE
    shown = sum(line.startswith("high") for line in lines)
    further = f", {count - shown} further" if shown < count else ""
    said = [line for line in lines if line.startswith("Not shown:")]
    wanted = f"Not shown: {minor} of low severity{further} (--all shows all)"
    assert said == [wanted] * (shown < count or minor > 0)
    if shown < count:
        assert len(lines) == PAGE
    everything = report(made, everything=True)
    assert sum(line.startswith(("high", "low")) for line in everything) == count + minor


@pytest.mark.parametrize(
    ("sheet", "cell", "cells", "names"),
    [
        ("Plan", "B2 and 1 more", ("B2", "B3"), ["Plan!B2", "Plan!B3"]),
        ("Plan", "21:22", (), ["Plan!21:22"]),
        ("Plan", "", (), ["Plan"]),
        ("", "pue", (), ["pue"]),
        ("", "", (), []),
    ],
)
def test_a_place_in_sarif_is_a_name_and_the_file_a_reference(sheet, cell, cells, names):
    made = Audit(Path("my plan 100%#1.xlsx"), [Finding("note", "GEN-01", sheet, cell, "it is so", "", cells)])
    [result] = sarif(made)["runs"][0]["results"]
    assert [p["physicalLocation"]["artifactLocation"]["uri"] for p in result["locations"]] == [
        "my%20plan%20100%25%231.xlsx"
    ] * max(1, len(names))
    assert [n["fullyQualifiedName"] for p in result["locations"] for n in p.get("logicalLocations", ())] == names
    assert result["message"]["text"] == "it is so"
