"""Files that somebody may send, given to every command that reads one: one clear line, after little work, in little memory."""

import json
import re
import subprocess
import sys

import pytest

from tests.fuzz.targets import EXAMPLE
from tests.hostile.files import made, written

SECONDS, MEMORY = 10, 500 * 2**20  # of CPU of all processes; the one that recalculates limits its own memory to less
# what is not looked into at all
REFUSED = ("truncated", "damaged", "bomb sheet", "bomb workbook", "bomb styles", "bomb strings", "bomb relations")
REFUSED += ("bomb overlapping", "bomb lying", "entities", "encrypted", "renamed", "traversal '", "twice", "not UTF-8")
PROGRAM = r"""
import contextlib, io, json, pathlib, resource, sys

def largest():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))

def cpu():
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in usage)

def other(path):
    data = pathlib.Path(path).read_bytes()
    end = data.rfind(b"PK\5\6")
    data = data[:-1] if end < 0 or data[end + 20:] != b"\0\0" else data[:-2] + b"\1\0 "
    copy = pathlib.Path(path).with_suffix(".copy.xlsx")
    copy.write_bytes(data or b" ")  # never the same bytes
    return str(copy)

from xl_aicost.cli.main import main
command = sys.argv[1]
for line in sys.stdin:
    name, path = json.loads(line)
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    sys.argv = ["xl-aicost", command, path, *([other(path)] if command == "diff" else [])]
    out, err, begin = io.StringIO(), io.StringIO(), cpu()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
        code = 0
    except SystemExit as stop:
        code = stop.code or 0
    except BaseException as error:
        code = repr(error)
    print(json.dumps([name, code, cpu() - begin, largest(), err.getvalue(), out.getvalue()[-500:]]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads from /proc what memory a file took")
@pytest.mark.parametrize("command", ["read", "verify", "audit", "diff"])
def test_each_file_ends_in_one_clear_line_or_in_an_answer(tmp_path, command):
    files = [(name, str(path)) for name, path in written(EXAMPLE.read_bytes(), tmp_path)]
    request = "".join(json.dumps(f) + "\n" for f in files)
    run = subprocess.run([sys.executable, "-c", PROGRAM, command], input=request, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    results = [json.loads(line) for line in run.stdout.splitlines()]
    assert [r[0] for r in results] == [name for name, _ in files]
    wrong = []
    for name, code, seconds, memory, errors, out in results:
        lines = errors.strip().splitlines()
        good = code in (0, 1) and not lines and out.strip()
        clear = code == 2 and len(lines) == 1 and len(lines[0]) < 1000 and lines[0].startswith("xl-aicost: ")
        if not (good or clear) or seconds > SECONDS or memory > MEMORY:
            wrong.append((name, code, round(seconds, 1), memory >> 20, errors[-300:]))
        if name.startswith(REFUSED) and name != "bomb strings below the limit" and code != 2:
            wrong.append((name, "was not refused", code))
    assert wrong == []


def test_there_are_many_kinds():
    names = [name for name, _ in made(EXAMPLE.read_bytes())]
    assert len(names) == len(set(names)) > 110
    assert len({re.split(r"\W", n)[0] for n in names}) > 25
