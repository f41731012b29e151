"""data/environment.json: every different place where a batch's work was done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rpa.evidence.audit import AuditTrail, Line, read_lines
from rpa.evidence.environment import EVENT, environment

HERE: dict[str, Any] = {"browser": "chromium 131", "hosts_overrides": [], "certificate_sha256": "ab" * 32}
MOVED = HERE | {"hosts_overrides": ["10.0.0.2 portal.example"]}


def _trail(path: Path, *offsets: float | None, facts: dict[str, Any] = HERE) -> list[Line]:
    with AuditTrail(path) as trail:
        for offset in offsets:
            trail.append("步骤", step="登录")
            trail.append(EVENT, **facts, clock_offset=offset)
    return list(read_lines(path.read_bytes()))


def test_each_place_is_told_once_with_when_and_by_which_attempts(tmp_path: Path) -> None:
    first = _trail(tmp_path / "1.jsonl", 2.0, None)
    second = _trail(tmp_path / "2.jsonl", -1.0)
    elsewhere = _trail(tmp_path / "3.jsonl", None, facts=MOVED)
    trails = {"甲_1": first, "乙_2": second, "丙_3": elsewhere, "丁_4": []}
    told = environment(trails)
    here, moved = told["environments"]
    assert here == {
        "facts": HERE,
        "first": first[1].time,
        "last": second[1].time,
        "clock_offset": {"least": -1.0, "greatest": 2.0},
        "attempts": {"甲_1": [1, 2], "乙_2": [1]},
    }
    assert moved["facts"] == MOVED
    assert moved["clock_offset"] is None
    assert moved["attempts"] == {"丙_3": [1]}
    turned = environment(dict(reversed(trails.items())))
    assert json.dumps(turned, ensure_ascii=False) == json.dumps(told, ensure_ascii=False)


def test_a_batch_without_work_has_no_place() -> None:
    assert environment({}) == {"environments": []}
