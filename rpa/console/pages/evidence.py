"""The evidence files of a batch: its own and no others, as what they are and nothing else."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from rpa.console.context import console_of
from rpa.console.endpoints import not_found, page_endpoint
from rpa.evidence.files import REPORT, payload
from rpa.evidence.report import content_security_policy

_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".jsonl": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
"""Whatever a file is called besides, a browser does not get it; the report alone is a page."""


@page_endpoint
def _evidence(request: Request) -> Response:
    console = console_of(request)
    batch = console.ledger.batches.get(request.path_params["id"])
    path = request.path_params["path"]
    found = within(payload(console.settings.evidence_root / batch.id), path)
    if found is None:
        return not_found(request, "证据文件夹里没有这个文件，或者它在另一台电脑上")
    if path == REPORT:
        return _inline(
            found, "text/html; charset=utf-8", {"Content-Security-Policy": content_security_policy()}
        )
    kind = _TYPES.get(found.suffix.lower())
    return _inline(found, kind) if kind else not_found(request, "这种文件不能在这里打开")


def _inline(file: Path, kind: str, headers: dict[str, str] | None = None) -> Response:
    return FileResponse(
        file, media_type=kind, headers=headers, filename=file.name, content_disposition_type="inline"
    )


def within(folder: Path, path: str) -> Path | None:
    """The file of a folder that a path with ``/`` names, with no way out of the folder.

    Neither a hidden or half-written file, nor one that a symbolic link leads to.
    """
    parts = path.split("/")
    if not all(_plain(part) for part in parts):
        return None
    try:
        found = folder.resolve().joinpath(*parts)
        straight = found.resolve(strict=True) == found
    except (OSError, RuntimeError):  # not there, not to be read, or a loop of links
        return None
    return found if straight and found.is_file() else None


def _plain(part: str) -> bool:
    """Whether this names something in its folder on every system: no ``..``, drive, stream or control."""
    return bool(part) and not part.startswith(".") and part.isprintable() and not {*part} & {*"\\:"}


ROUTES = [Route("/batches/{id}/evidence/{path:path}", _evidence)]
