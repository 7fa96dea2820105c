"""Run one target under atheris: python -m tests.fuzz.guided TARGET SECONDS SEED. What stops it is written to the corpus."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Feed a target until the time is over, from its corpus; keep what reaches new code."""
    import atheris  # which `make fuzz` installs

    with atheris.instrument_imports(include=["xl_aicost"]):
        from tests.fuzz import targets
    target, seconds = sys.argv[1], int(sys.argv[2])
    corpus = targets.CORPUS / target
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(targets.seeds(target)):
        (corpus / f"seed-{number}").write_bytes(data)
    found = Path(tempfile.mkdtemp(prefix="xl-aicost-fuzz-"))
    options = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=1024", "-max_len=20000"]
    options += [f"-artifact_prefix={found}/wrong-", "-verbosity=1", "-print_final_stats=1"]
    options += [f"-seed={sys.argv[3]}", "-len_control=0"]
    print(json.dumps({"target": target, "artifacts": str(found)}), flush=True)
    atheris.Setup([sys.argv[0], *options, str(found), str(corpus)], lambda data: targets.try_one(target, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
