"""data/environment.json: every different place where a batch's work was done."""

from __future__ import annotations

import json
from typing import Any

from rpa.evidence.audit import Line
from rpa.evidence.environment import EVENT, environment

HERE: dict[str, Any] = {"browser": "chromium 131", "hosts_overrides": [], "certificate_sha256": "ab" * 32}
MOVED = HERE | {"hosts_overrides": ["10.0.0.2 portal.example"]}


def _trail(hour: int, *offsets: float | None, facts: dict[str, Any] = HERE) -> list[Line]:
    """A trail whose attempts began a minute after each other."""
    lines: list[Line] = []
    for minute, offset in enumerate(offsets):
        time = f"2026-11-02T{hour:02}:{minute:02}:00.000+08:00"
        lines.append(Line(len(lines) + 1, time, "步骤", {"step": "登录"}))
        lines.append(Line(len(lines) + 1, time, EVENT, facts | {"clock_offset": offset}))
    return lines


def test_each_place_is_told_once_with_when_and_by_which_attempts() -> None:
    first = _trail(9, 2.0, None)
    second = _trail(10, -1.0)
    elsewhere = _trail(11, None, facts=MOVED)
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
