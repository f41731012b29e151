"""新批次: drop a workbook, see what is wrong with it, start it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from rpa.console.access.middleware import UPLOAD_LIMIT, UPLOAD_PATH
from rpa.console.context import Console, console_of, page, visitor_of
from rpa.console.endpoints import JsonObject, change_endpoint, not_found, page_endpoint, words_of
from rpa.console.pages.checked_upload import SHOWN, check_upload
from rpa.console.pages.uploads import TOO_LARGE, Upload, Uploads
from rpa.console.pages.workbook_password import PasswordWantedError, posted_password
from rpa.engine.batch.data import RunOptions
from rpa.engine.batch.intake import enter, read
from rpa.errors import UserError
from rpa.settings.settings import Approve, Until
from rpa.workbook.template import write_template

_TEMPLATE = "稳岗返还_空表.xlsx"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page_endpoint
def _start_page(request: Request) -> Response:
    return page(request, "start.html.j2", limit=UPLOAD_LIMIT, too_large=TOO_LARGE)


def _template(request: Request) -> Response:
    """An empty workbook to fill in, as ``rpa template`` writes it."""
    settings = console_of(request).settings
    with tempfile.TemporaryDirectory() as folder:
        names = [portal.name for portal in settings.portals.values()]
        written = write_template(Path(folder) / "template.xlsx", portals=names, logins=settings.login_ways)
        data = written.read_bytes()
    name = f"filename*=utf-8''{quote(_TEMPLATE)}"
    return Response(data, media_type=_XLSX, headers={"Content-Disposition": f"attachment; {name}"})


async def _upload(request: Request) -> Response:
    """Take a workbook in; nothing is entered yet."""
    try:
        async with request.form(max_files=2, max_fields=2) as form:
            files = [one for one in form.getlist("file") if isinstance(one, UploadFile)]
            if len(files) != 1:
                raise UserError("一次放入一个文件" if files else "没有收到文件，请再试一次")
            name, data = files[0].filename or "", await files[0].read()
    except ClientDisconnect:  # it was longer than allowed, and cut off
        return JSONResponse({"error": TOO_LARGE}, 413)
    except HTTPException:  # the form cannot be read
        raise UserError("上传的内容不对：一次放入一个文件") from None
    upload = await run_in_threadpool(_store, console_of(request), name, data)
    return JSONResponse({"upload": upload.id, "name": upload.path.name})


def _store(console: Console, name: str, data: bytes) -> Upload:
    uploads = _uploads(console)
    uploads.sweep([batch.workbook for batch in console.ledger.batches.all()])
    return uploads.store(name, data)


@change_endpoint
def _check(request: Request, posted: JsonObject) -> JsonObject:
    """What is found in a workbook, as a piece of the page; or that its password is wanted."""
    console = console_of(request)
    upload = _upload_of(request)
    try:
        checked = check_upload(console, upload, posted)
    except PasswordWantedError:
        return {"password": True}
    columns, rows = checked.table()
    batch = next((one for one in console.ledger.batches.all() if one.workbook == upload.path.resolve()), None)
    result = page(
        request,
        "checked.html.j2",
        upload=upload,
        checked=checked,
        preflight=checked.preflight,
        columns=columns,
        rows=rows,
        more=max(0, len(checked.rows_with_findings) - SHOWN),
        batch=batch,
    )
    return {"html": bytes(result.body).decode(), "name": upload.path.name}


@page_endpoint
def _marked(request: Request) -> Response:
    """The copy with the findings marked."""
    marked = _upload_of(request).marked
    if not marked.is_file():
        return not_found(request, "还没有标注副本，请先检查表格")
    return FileResponse(marked, filename=marked.name)


@change_endpoint
def _start(request: Request, posted: JsonObject) -> JsonObject:
    """Enter a workbook's rows under the visitor's name; answers where its batch is."""
    console, upload = console_of(request), _upload_of(request)
    options = RunOptions(
        until=_choice(posted, "until", Until),
        approve=_choice(posted, "approve", Approve),
        password=posted_password(posted),
        who=visitor_of(request).name,
    )
    try:
        intake = read(upload.path, console.settings, options)
    except PasswordWantedError:
        return {"password": True}
    if not intake.preflight.filings:
        raise UserError("没有可以办理的行，请先更正表格")
    batch = enter(intake, console.ledger, console.settings, options)
    return {"address": f"/batches/{batch.id}"}


def _choice(posted: JsonObject, name: str, kind: Any) -> Any:
    chosen = words_of(posted, name)
    if chosen not in get_args(kind):
        raise UserError("请选择办到哪一步、提交前由谁确认")
    return chosen


def _upload_of(request: Request) -> Upload:
    return _uploads(console_of(request)).find(request.path_params["upload"])


def _uploads(console: Console) -> Uploads:
    return Uploads(console.settings.home, console.settings.workbook)


ROUTES = [
    Route("/start", _start_page),
    Route("/start/template.xlsx", _template),
    Route(UPLOAD_PATH, _upload, methods=["POST"]),
    Route("/uploads/{upload}/check", _check, methods=["POST"]),
    Route("/uploads/{upload}/marked", _marked),
    Route("/uploads/{upload}/start", _start, methods=["POST"]),
]
