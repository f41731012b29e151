"""``rpa requests``: what waits for a person."""

from __future__ import annotations

import mimetypes
from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.parser import Parser
from rpa.files import private_folder

if TYPE_CHECKING:
    from rpa.ledger.data.requests import WaitingRequest
    from rpa.ledger.ledger import Ledger

LOOK_SECONDS = 1.0
"""With --watch: how often the ledger is looked at."""


def configure(parser: Parser) -> None:
    """Whether to print once or at each change; JSON."""
    parser.add_argument("--watch", action="store_true", help="持续显示，有变化就更新，按 Ctrl+C 停止")
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Print the waiting requests once, or each time they change."""
    from rpa.cli.shared.open_ledger import open_ledger
    from rpa.settings.settings import load_settings

    settings = load_settings()
    folder = settings.home / "requests"
    with open_ledger(settings) as ledger:
        printed = None
        while True:
            waiting = ledger.requests.waiting()
            identity = [(request.id, request.picture_id) for request in waiting]
            if identity != printed:
                printed = identity
                _show(waiting, _write_pictures(ledger, waiting, folder), as_json=arguments.json)
            if not arguments.watch:
                return ExitCode.OK
            Event().wait(LOOK_SECONDS)


def _write_pictures(ledger: Ledger, waiting: Sequence[WaitingRequest], folder: Path) -> dict[str, Path]:
    """Write the waiting requests' pictures into files of the folder, and delete all others there."""
    private_folder(folder)
    written = {}
    for request in waiting:
        picture = ledger.requests.picture(request.id)
        if picture is not None:
            path = folder / (picture.id + (mimetypes.guess_extension(picture.type) or ".png"))
            path.write_bytes(picture.data)
            written[request.id] = path
    for path in folder.iterdir():
        if path not in written.values():
            path.unlink(missing_ok=True)
    return written


def _show(waiting: Sequence[WaitingRequest], pictures: dict[str, Path], *, as_json: bool) -> None:
    if as_json:
        output.document("requests", {"requests": [_as_json(one, pictures.get(one.id)) for one in waiting]})
        return
    if not waiting:
        output.say("没有等待处理的待办。")
        return
    from rpa.operator.request import Kind

    rows = [
        (
            request.picture_id or request.id,
            Kind(request.kind).chinese,
            request.employer,
            f"{_left(request)} 秒",
            request.question,
            str(pictures.get(request.id, "")),
        )
        for request in waiting
    ]
    output.say(output.table(("编号", "类别", "单位", "剩余", "要做什么", "图片"), rows))
    output.note("答复：rpa answer 编号 内容    换一张图片：rpa answer 编号 --refresh")


def _left(request: WaitingRequest) -> int:
    """Seconds until an answer is no longer of use."""
    return max(0, round((request.deadline - datetime.now(UTC)).total_seconds()))


def _as_json(request: WaitingRequest, picture: Path | None) -> dict[str, object]:
    return {
        "id": request.id,
        "picture_id": request.picture_id,
        "kind": request.kind,
        "portal": request.portal,
        "employer": request.employer,
        "batch": request.batch_id,
        "question": request.question,
        "place": request.place,
        "deadline": request.deadline.isoformat(),
        "picture": str(picture) if picture else None,
    }
