"""data/environment.json: where a batch's work was done, made of the lines 运行环境 of its filings' trails."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rpa.evidence.audit import Line

EVENT = "运行环境"
"""The line that an attempt's surroundings are noted in."""

_VARYING = "clock_offset"
"""The one fact that tells no two places apart: seconds by which the machine's clock was ahead."""


def environment(trails: Mapping[str, Sequence[Line]]) -> dict[str, Any]:
    """Every different place where work was done, the one first seen first; the same for the same trails.

    Args:
        trails: a filing's folder → its trail.

    Returns:
        Plain JSON values: per place its ``facts``, the times of its ``first`` and ``last`` line, the least
        and greatest ``clock_offset`` (seconds; null where it was never known), and the ``attempts`` of each
        folder (1 is the first that the trail speaks of).
    """
    places: dict[str, dict[str, Any]] = {}
    for time, folder, attempt, facts in sorted(_seen(trails), key=lambda one: one[:3]):
        stable = {name: value for name, value in facts.items() if name != _VARYING}
        key = json.dumps(stable, sort_keys=True, ensure_ascii=False)
        place = places.setdefault(
            key, {"facts": stable, "first": time, "last": time, _VARYING: None, "attempts": {}}
        )
        place["last"] = time
        place[_VARYING] = _widened(place[_VARYING], facts.get(_VARYING))
        place["attempts"].setdefault(folder, []).append(attempt)
    return {"environments": list(places.values())}


def _seen(trails: Mapping[str, Sequence[Line]]) -> Iterator[tuple[str, str, int, Mapping[str, Any]]]:
    """Every line of surroundings: time, folder, which attempt of the folder it was, its facts."""
    for folder, lines in trails.items():
        found = [line for line in lines if line.event == EVENT]
        for attempt, line in enumerate(found, 1):
            yield line.time, folder, attempt, line.facts


def _widened(known: Mapping[str, float] | None, offset: float | None) -> Mapping[str, float] | None:
    if offset is None:
        return known
    seen = [offset, *(known or {}).values()]
    return {"least": min(seen), "greatest": max(seen)}
