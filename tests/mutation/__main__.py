"""The mutants of the sample: `python -m tests.mutation [COUNT] [BEGINNING OF A MODULE]`.

Prints each survivor as it comes, then the score by room; docs/mutants.md has the last one.
"""

import sys
from collections import Counter

import lxml.etree  # noqa: F401 (imported once for all mutants)
import numpy  # noqa: F401
import openpyxl  # noqa: F401
import pandas  # noqa: F401
import pytest  # noqa: F401

from tests.mutation.mutate import SAMPLE, dead, room_of, sample
from tests.mutation.survivors import SURVIVORS


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE
    beginning = sys.argv[2] if len(sys.argv) > 2 else ""
    made, died = Counter(), Counter()
    for mutant, noticed in dead([m for m in sample(count) if m.module.startswith(beginning)]):
        room = room_of(mutant.module)
        made[room] += 1
        died[room] += noticed
        if not noticed:
            print(f"survives: {mutant}: {SURVIVORS.get(mutant.key, 'no reason listed')}", flush=True)
    for room in made:
        print(f"{room:20} {died[room]:4} of {made[room]:4} die: {died[room] / made[room]:.0%}")


if __name__ == "__main__":
    main()
