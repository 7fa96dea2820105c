"""Mutants of the sample that no test notices, and why that does not matter. By module, text of the line and change."""

SURVIVORS: dict[tuple[str, str, str], str] = {}
