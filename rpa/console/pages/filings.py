"""办件: one employer's filing, step by step, while it happens and afterwards."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rpa.console.context import Console, console_of, page
from rpa.console.endpoints import not_found, page_endpoint
from rpa.console.pages import evidence
from rpa.console.tags import moment, row_tag
from rpa.engine.operations.portal_names import portal_name
from rpa.evidence.files import AUDIT, folder_name, payload
from rpa.evidence.recorder import EQUAL
from rpa.evidence.timeline import Timeline, record_of
from rpa.ledger.data.batches import Batch, RowFilter
from rpa.ledger.data.filings import FilingState
from rpa.ledger.data.tasks import TaskState


@page_endpoint
def _filing(request: Request) -> Response:
    console = console_of(request)
    batch = console.ledger.batches.get(request.path_params["id"])
    number = request.path_params["row"]
    if number in batch.blocked:
        return not_found(request, f"第 {number} 行没有通过检查，所以没有办理；要改什么，见批次的结果工作簿。")
    filing = console.ledger.filings.at_row(batch.id, number)
    named = partial(portal_name, console.settings)
    (row,), _ = console.ledger.rows.find(batch.id, RowFilter(row=number), portal_name=named)
    (state,) = console.ledger.filings.states_of_rows(batch.id, [number])
    folder = folder_name(filing)
    timeline = Timeline.of(payload(console.settings.evidence_root / batch.id) / folder)
    address = f"/batches/{batch.id}/evidence/{quote(folder)}"
    return page(
        request,
        "filing.html.j2",
        batch=batch,
        filing=filing,
        row=row,
        tag=row_tag(row),
        state=state,
        portal=row.status.portal,
        submitted=moment(state.outcome.submitted_at if state.outcome else None),
        record=record_of(state.outcome),
        timeline=timeline,
        lines=list(timeline.told),
        shots=[(f"{address}/{quote(shot.file)}", shot) for shot in timeline.shots],
        printouts=[(f"{address}/{quote(file)}", file) for file in timeline.printouts],
        trail=f"{address}/{AUDIT}" if timeline.lines else "",
        equal=EQUAL,
        requests=[one for one in console.ledger.requests.waiting() if one.filing_id == state.filing_id],
        running=row.state is TaskState.RUNNING,
        elsewhere=_elsewhere(console, batch, state, timeline),
    )


def _elsewhere(console: Console, batch: Batch, state: FilingState, timeline: Timeline) -> Path | None:
    """The folder where pictures ought to be and are not: another machine has them."""
    there = timeline.lines or not state.attempts
    return None if there else console.settings.evidence_root / batch.id


ROUTES = [Route("/batches/{id}/rows/{row:int}", _filing), *evidence.ROUTES]
