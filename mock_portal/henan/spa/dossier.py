"""采集电子材料: the list of an application's materials, and pictures in requests of their own (§7)."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route

from mock_portal.faults import Place
from mock_portal.henan.rules import NOTICE, PROOF
from mock_portal.henan.spa.api import HALL, answer, call, draft_of, refuse
from mock_portal.henan.visit import Visit
from mock_portal.henan.words import Words

DOSSIER = f"{HALL}/api/pile/dossier"
MATERIALS = ((PROOF, "SUB"), (NOTICE, "SUB"), ("申报回执", "APPLY_RECEIPT"))
"""Name and type; the last type is never shown."""


def _list(visit: Visit) -> Response:
    draft = draft_of(visit, visit.query("applyId"))
    return answer(
        [
            {
                "name": name,
                "type": kind,
                "required": name == PROOF and visit.world.materials_required,
                "pages": [each.name for each in draft.materials if each.kind == name],
            }
            for name, kind in MATERIALS
        ]
    )


def _upload(visit: Visit) -> Response:
    draft = draft_of(visit, visit.field("applyId"))
    file = visit.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return refuse(visit.portal.says(Words.CHOOSE_PICTURE))
    if not visit.pretends:
        visit.world.attach(draft, visit.field("name"), file.filename, file.file.read())
    return answer({})


def _update(visit: Visit) -> Response:
    draft_of(visit, visit.field("applyId"))
    return answer({})


ROUTES: list[Route] = [
    call(DOSSIER, _list, Place.MATERIALS),
    call(DOSSIER, _update, Place.MATERIALS, methods=("PUT",)),
    call(f"{DOSSIER}/upload/images", _upload, Place.UPLOAD, methods=("POST",)),
]
