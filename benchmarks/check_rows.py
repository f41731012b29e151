"""``rpa check`` on a large workbook: seconds and peak memory, as one line of JSON.

Everything the command does is measured in a process of its own: import, read, judge, and write the
marked copy (every row has one finding, so that the copy is as large as it gets).

Usage: python benchmarks/check_rows.py [ROWS]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

ROWS = 10_000
YEAR = 2024

_MEASURE = """
import json, sys, time
began = time.perf_counter()
from datetime import date
from pathlib import Path
from rpa.settings.settings import load_settings
from rpa.workbook.marked import write_marked
from rpa.workbook.preflight import check
from rpa.workbook.reader import read_sheet
settings = load_settings()
imported = time.perf_counter()
sheet = read_sheet(Path(sys.argv[1]), settings=settings.workbook)
read = time.perf_counter()
preflight = check(sheet, portals=settings.portals, today=date.fromisoformat(sys.argv[2]))
judged = time.perf_counter()
write_marked(sheet, Path(sys.argv[1]).with_name("marked.xlsx"), preflight.findings)
marked = time.perf_counter()
status = Path("/proc/self/status")  # ru_maxrss would still hold what the parent process had
if status.exists():
    peak = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
else:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**10 if sys.platform == "darwin" else 1)
print(json.dumps({
    "rows": len(sheet.rows), "findings": len(preflight.findings), "filings": len(preflight.filings),
    "import_s": round(imported - began, 2), "read_s": round(read - imported, 2),
    "judge_s": round(judged - read, 2), "mark_s": round(marked - judged, 2),
    "total_s": round(marked - began, 2), "peak_mb": round(peak / 2**10),
}))
"""


def measure(rows: int = ROWS) -> dict[str, float]:
    """Check a fresh workbook of so many rows in a process of its own."""
    from rpa.workbook.samples import sample_rows  # noqa: PLC0415 - not in the measurement
    from rpa.workbook.template import write_sample  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        book = write_sample(Path(folder) / "batch.xlsx", sample_rows(rows, YEAR))
        # A year later every row warns that its year is not the present one.
        command = [sys.executable, "-c", _MEASURE, str(book), str(date(YEAR + 1, 7, 1))]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)))
