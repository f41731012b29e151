"""Result workbook and report, written from the ledger when somebody asks for them."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from rpa.console.context import Console, console_of
from rpa.console.endpoints import JsonObject, change_endpoint, not_found, page_endpoint
from rpa.console.pages.workbook_password import PasswordWantedError, posted_password
from rpa.engine.batch.data import RunOptions
from rpa.engine.batch.follower import write_results
from rpa.engine.batch.intake import Intake, read
from rpa.errors import UserError
from rpa.evidence.files import REPORT
from rpa.ledger.data.batches import Batch

_WRITTEN = re.compile(r".+_结果_\d{8}-\d{6}.*\.xls[xm]", re.IGNORECASE)
"""As :class:`rpa.workbook.results.ResultBook` names its file."""


@change_endpoint
def _write(request: Request, posted: JsonObject) -> JsonObject:
    """Write both anew; answers where they are, or that the workbook's password is wanted."""
    console = console_of(request)
    batch = console.ledger.batches.get(request.path_params["id"])
    try:
        intake = _read(console, batch, posted)
    except PasswordWantedError:
        return {"password": True}
    written = asyncio.run(write_results(batch, intake, console.settings, console.ledger))
    address = f"/batches/{batch.id}"
    return {
        "results": f"{address}/results/{quote(written.results.name)}",
        "report": f"{address}/evidence/{REPORT}",
    }


def _read(console: Console, batch: Batch, posted: JsonObject) -> Intake:
    if not batch.workbook.is_file():
        raise UserError(
            f"登记批次时的工作簿 {batch.workbook} 不在这台电脑上，或者已移走："
            f"请在登记它的电脑上下载，或运行 rpa results {batch.id} --workbook 它现在的位置"
        )
    intake = read(batch.workbook, console.settings, RunOptions(password=posted_password(posted)))
    if intake.sha256 != batch.workbook_sha256:
        raise UserError("工作簿在登记之后改动过，结果无法写入：请把改过的工作簿作为新批次登记")
    return intake


@page_endpoint
def _download(request: Request) -> Response:
    """A result workbook, from beside the batch's workbook."""
    batch = console_of(request).ledger.batches.get(request.path_params["id"])
    name = request.path_params["name"]
    folder = batch.workbook.parent
    found = next((path for path in _written(folder) if path.name == name), None)
    if found is None:
        return not_found(request, "没有这个结果工作簿，请重新下载")
    return FileResponse(found, filename=found.name)


def _written(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.xls?") if _WRITTEN.fullmatch(path.name) and path.is_file()]


ROUTES = [
    Route("/batches/{id}/results", _write, methods=["POST"]),
    Route("/batches/{id}/results/{name}", _download),
]
