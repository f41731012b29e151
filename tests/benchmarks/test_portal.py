"""The benchmarks' portal has the look that they name, whatever its edition has by default."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.plain import SCRIPTS
from benchmarks.portal import portal_process
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample

_YEAR = 2026


@pytest.mark.parametrize(("province", "look"), SCRIPTS)
def test_a_portal_of_each_plain_script_starts_with_its_look(province: str, look: str, tmp_path: Path) -> None:
    seed = write_sample(tmp_path / "seed.xlsx", sample_rows(1, _YEAR, province))
    with portal_process(seed, province, look) as portal:
        assert portal.call("state")["switches"]["look"] == look
