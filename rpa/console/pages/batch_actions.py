"""What a person may do about a batch: the same rules as the commands', with their name."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route

from rpa.console.context import console_of, visitor_of
from rpa.console.endpoints import JsonObject, change_endpoint
from rpa.console.pages import pausing
from rpa.console.tags import Tag, filings_ended, verdict_tags
from rpa.engine.operations import control
from rpa.engine.operations.target import Target, find_batch
from rpa.errors import UserError
from rpa.evidence.keeping.vault import check_not_encrypted
from rpa.filing import Verdict
from rpa.ledger.data.batches import Batch, BatchProgress
from rpa.ledger.ledger import Ledger


def retry_choices(progress: BatchProgress) -> list[Tag]:
    """The verdicts that may be worked on again; rows that the check refused are not among them."""
    return verdict_tags({one: n for one, n in filings_ended(progress).items() if not one.final})


@change_endpoint
def _pause(request: Request, _: JsonObject) -> JsonObject:
    return pausing.pause(*_batch_target(request))


@change_endpoint
def _resume(request: Request, _: JsonObject) -> JsonObject:
    return pausing.resume(*_batch_target(request))


@change_endpoint
def _cancel(request: Request, _: JsonObject) -> JsonObject:
    counts = control.cancel(*_batch_target(request))
    sentences = f"已取消未办的 {counts.cancelled} 户。"
    if counts.running:
        sentences += f"正在办理的 {counts.running} 户在提交之前停下；提交已经发出的，会核实到底。"
    if counts.unconfirmed:
        sentences += f"提交可能已发出的 {counts.unconfirmed} 户仍是“待核实”，请点“核实”。"
    return {"told": sentences}


@change_endpoint
def _retry(request: Request, posted: JsonObject) -> JsonObject:
    verdicts = [_verdict(one) for one in posted.get("verdicts") or ()]
    if not verdicts:
        raise UserError("请先选择要重办的办理结论")
    ledger, batch, who = _workable(request)
    return _planned(control.plan_retry(ledger, batch, verdicts, who), "重办", "批次中没有这些结论的户。")


@change_endpoint
def _look_up(request: Request, _: JsonObject) -> JsonObject:
    return _planned(control.plan_look_up(*_workable(request)), "核实", "没有需要核实的户。")


@change_endpoint
def _track(request: Request, _: JsonObject) -> JsonObject:
    return _planned(control.plan_track(*_workable(request)), "跟踪", "批次中还没有已提交的户。")


def _planned(number: int, what: str, nothing: str) -> JsonObject:
    return {"told": f"已排队{what} {number} 户。" if number else nothing}


def _verdict(name: object) -> Verdict:
    if not isinstance(name, str) or name not in Verdict.__members__:
        raise UserError("没有这个办理结论")
    return Verdict(name)


def _batch(request: Request) -> tuple[Ledger, Batch, str]:
    ledger = console_of(request).ledger
    return ledger, find_batch(ledger.batches, request.path_params["id"]), visitor_of(request).name


def _workable(request: Request) -> tuple[Ledger, Batch, str]:
    """A batch that can be worked on again."""
    ledger, batch, who = _batch(request)
    check_not_encrypted(console_of(request).settings.evidence_root, batch.id)
    return ledger, batch, who


def _batch_target(request: Request) -> tuple[Ledger, Target, str]:
    ledger, batch, who = _batch(request)
    return ledger, Target(batch.id, f"批次 {batch.id}", batch), who


ROUTES = [
    Route("/batches/{id}/pause", _pause, methods=["POST"]),
    Route("/batches/{id}/resume", _resume, methods=["POST"]),
    Route("/batches/{id}/cancel", _cancel, methods=["POST"]),
    Route("/batches/{id}/retry", _retry, methods=["POST"]),
    Route("/batches/{id}/look-up", _look_up, methods=["POST"]),
    Route("/batches/{id}/track", _track, methods=["POST"]),
]
