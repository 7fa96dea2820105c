"""What is done with a workbook that came back: read its inputs, audit it, compare it, prove that it is as it was built.

>>> import tempfile
>>> from pathlib import Path
>>> from xl_aicost.review import diff, verify
>>> from xl_aicost.workbook.build import build
>>> with tempfile.TemporaryDirectory() as folder:
...     old, new = Path(folder) / "old.xlsx", Path(folder) / "new.xlsx"
...     _ = build("company", old), build("company", new, settings={"pue": 1.25})
...     verify(old).verdict, diff(old, new).of("inputs")[0].name
('identical', 'pue, Your value')
"""

from xl_aicost.review.audit import audit
from xl_aicost.review.bridge import bridge
from xl_aicost.review.compare import diff
from xl_aicost.review.gate import not_allowed
from xl_aicost.review.read import read
from xl_aicost.review.verify import verify

__all__ = ["audit", "bridge", "diff", "not_allowed", "read", "verify"]
