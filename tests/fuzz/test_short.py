"""The short form of the fuzzing, and that its judges can say no."""

import pytest

from tests.fuzz import calls, targets, workbooks
from xl_aicost.errors import AicostError

INPUTS = [(t, p) for t in targets.TARGETS for p in sorted((targets.CORPUS / t).iterdir())]


def test_random_workbooks_with_random_edits(libreoffice):
    count, wrong = workbooks.run([1, 2, 3, 4], libreoffice)
    assert wrong == []
    assert count > 100_000


def test_the_judge_of_workbooks_can_say_no(libreoffice, monkeypatch):
    """A formula is wrong by one part in ten million in one engine."""
    real = workbooks.by_formualizer

    def wrong(path):
        found = real(path)
        found["Calc_Live"]["D9"].value *= 1 + 1e-7
        return found

    monkeypatch.setattr(workbooks, "by_formualizer", wrong)
    _, found = workbooks.run([4], libreoffice)
    assert len(found) == 1
    assert "formualizer Calc_Live!R9C4" in found[0]


def test_random_calls_along_every_way():
    """Plain Python, the server, Lite with what Pyodide lacks, desktop, LibreOffice; with currency and every error."""
    made, wrong = calls.run(7, 1000)
    assert wrong == []
    assert made == 5 * 1000


def test_the_judge_of_calls_can_say_no(monkeypatch):
    real = calls.answer

    def wrong(name, *arguments):
        if name == "AI_NPV":
            raise KeyError("not caught")
        found = real(name, *arguments)
        return found * 1.1 if name == "AI_CLUSTER_MW" and isinstance(found, float) else found

    monkeypatch.setattr(calls, "answer", wrong)
    _, found = calls.run(7, 400)
    assert any("plain AI_NPV" in f and "KeyError" in f for f in found)
    assert any(f.startswith("AI_CLUSTER_MW") for f in found)


@pytest.mark.parametrize("target", targets.TARGETS)
def test_the_corpus_holds_its_target(target):
    """What the guided runs found, what they started from, and what ever went wrong."""
    inputs = [p for t, p in INPUTS if t == target]
    assert inputs
    for path in inputs:
        targets.try_one(target, path.read_bytes())


def test_the_judge_of_targets_can_say_no(monkeypatch):
    monkeypatch.setitem(targets.TARGETS, "formula", lambda data: {}[data])
    with pytest.raises(KeyError):
        targets.try_one("formula", b"x")

    def refuse(data):
        raise AicostError("one\ntwo")

    monkeypatch.setitem(targets.TARGETS, "formula", refuse)
    with pytest.raises(ValueError, match="more than one line"):
        targets.try_one("formula", b"x")
