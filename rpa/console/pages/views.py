"""What the browser sessions show while somebody looks."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rpa.console.context import console_of
from rpa.console.endpoints import JsonObject, change_endpoint, page_endpoint
from rpa.engine.operations.portal_names import portal_name

_WATCH_SECONDS = 15.0
"""So long a page counts as looking; it says so again every 5 seconds."""


@change_endpoint
def _watch(request: Request, _: JsonObject) -> JsonObject:
    """Somebody looks: without this the workers take no pictures."""
    console_of(request).ledger.live_pictures.watch(_WATCH_SECONDS)
    return {}


@page_endpoint
def _views(request: Request) -> Response:
    """The open sessions of a batch; a number of 0 says that there is no picture yet."""
    console = console_of(request)
    batch = console.ledger.batches.get(request.path_params["id"])
    return JSONResponse(
        [
            {
                "task": view.task_id,
                "row": view.row,
                "employer": view.employer,
                "portal": portal_name(console.settings, view.portal),
                "step": view.step,
                "number": view.number,
            }
            for view in console.ledger.live_pictures.all(batch.id)
        ]
    )


def _frame(request: Request) -> Response:
    """The newest picture of a session."""
    frame = console_of(request).ledger.live_pictures.frame(request.path_params["task"])
    if frame is None:
        return Response(status_code=404)
    return Response(frame, media_type="image/jpeg")


ROUTES = [
    Route("/watch", _watch, methods=["POST"]),
    Route("/batches/{id}/views", _views),
    Route("/views/{task:int}", _frame),
]
