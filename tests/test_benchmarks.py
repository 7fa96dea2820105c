"""The model written out by hand, against which the graph's speed is measured, is the same model."""

import numpy as np
import pytest

from benchmarks.code_lines import PACKAGE, by_room, code_lines
from benchmarks.measure import exponent
from benchmarks.model import inputs
from benchmarks.plain_numpy import YEARS, full_model
from xl_aicost.case import model


def test_the_hand_written_model_is_the_model_line_by_line():
    graph, given = model(), {k: v[:500] if np.ndim(v) else v for k, v in inputs(0).items()}
    found = graph.evaluate(list(graph.lines), given, YEARS)
    with np.errstate(all="ignore"):
        plain = full_model({k: v[:, None] if np.ndim(v) else v for k, v in given.items()})
    for line in graph.lines:
        by_hand_ = np.asarray(plain[line], float)
        if line not in graph.series and by_hand_.ndim:
            by_hand_ = by_hand_[..., 0]
        assert np.allclose(found[line], by_hand_, rtol=1e-9, equal_nan=True), line


def test_the_exponent_leaves_out_the_fixed_start():
    assert exponent([1e3, 1e4, 1e5], [2 + 0.1, 2 + 1, 2 + 10], 2) == pytest.approx(1)


def test_lines_of_code_leave_out_what_explains_them():
    module = '"""What it is for.\n\nMore.\n"""\n\n# a comment\ndef f():  # another\n    """Return one."""\n    return (\n\n        1\n    )\n'
    assert code_lines(module) == 4
    assert code_lines("text = '''one\n\nthree'''\n") == 3


def test_lines_of_code_by_room_add_up_to_those_of_the_modules():
    rooms = by_room(PACKAGE)
    assert set(rooms) >= {"engine", "simulate", "workbook", "(top)"}
    assert rooms.total() == sum(code_lines(p.read_text(encoding="utf-8")) for p in PACKAGE.rglob("*.py"))
