"""What a filing's trail tells, for a batch of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rpa.evidence.audit import read_lines
from rpa.evidence.environment import EVENT
from rpa.evidence.files import AUDIT


def pictured(evidence: Path) -> tuple[Mapping[str, Sequence[str]], Sequence[Mapping[str, Any]]]:
    """Step → what its picture shows of persons, from the top down; and every 运行环境."""
    (folder,) = {path.parent for path in evidence.rglob("*.jpg")}
    lines = list(read_lines((folder / AUDIT).read_bytes()))
    shots = [line.facts for line in lines if line.event == "截图"]
    hidden = {str(facts["step"]): [box[4] for box in facts["private"]] for facts in shots}
    return hidden, [line.facts for line in lines if line.event == EVENT]
