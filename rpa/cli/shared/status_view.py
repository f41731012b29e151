"""What ``rpa status`` shows: the ledger as a text, as a line and as a JSON document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from rpa.cli.shared import output
from rpa.engine.operations.batch_progress import STATES, ProgressView, span, verdict_words
from rpa.engine.operations.portal_names import portal_name
from rpa.engine.operations.portal_status import PortalStatus, clock, iso, portal_statuses
from rpa.filing import Verdict
from rpa.ledger.batches.counts import RECENT
from rpa.ledger.data.fleet import WorkerState
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Overview:
    """Every batch, the portals, the workers, and how many requests wait."""

    batches: Sequence[ProgressView]
    portals: Sequence[PortalStatus]
    workers: Sequence[WorkerState]
    requests: int

    ended = False
    """Something may change at any time."""

    @classmethod
    def of(cls, ledger: Ledger, settings: Settings) -> Self:
        """All batches of the ledger as they are now."""
        return cls(
            [ProgressView(ledger.counts.of(batch.id)) for batch in ledger.batches.all()],
            portal_statuses(ledger.portals, settings),
            ledger.workers.living(settings.engine.dead_seconds),
            len(ledger.requests.waiting()),
        )

    def text(self) -> str:
        """Tables of the batches and the portals, then the workers and the number of requests."""
        rows = [_batch_row(view) for view in self.batches]
        headers = ("批次", "名称", "状态", "共", "已办", "正在办理", "排队", "办理结论")
        listed = output.table(headers, rows) if rows else "台账中还没有批次。"
        portals = output.table(("平台", "情况"), [(one.name, one.text()) for one in self.portals])
        return "\n".join([listed, "", portals, "", *self._workers_and_requests()])

    def _workers_and_requests(self) -> list[str]:
        lines = [f"办理程序：{len(self.workers)} 个在运行" if self.workers else "办理程序：没有在运行的"]
        lines += [f"  {worker.id}（{worker.host}，进程 {worker.pid}）" for worker in self.workers]
        return [*lines, _requests(self.requests)]

    def line(self) -> str:
        """The totals over all batches, workers and requests, and the portals that are paused."""
        done = sum(view.done for view in self.batches)
        total = sum(view.progress.total for view in self.batches)
        running = sum(view.running for view in self.batches)
        paused = [one.name for one in self.portals if one.state.paused_at]
        paused_portals = f"，已暂停的平台：{'、'.join(paused)}" if paused else ""
        return (
            f"批次 {len(self.batches)} 个，已办 {done}/{total} 户，正在办理 {running} 户，"
            f"办理程序 {len(self.workers)} 个，待办 {self.requests} 条{paused_portals}"
        )

    def document(self) -> Mapping[str, object]:
        """The ``status`` document of all batches; times in ISO 8601."""
        return {
            "batches": [_batch_document(view) for view in self.batches],
            "portals": [one.document() for one in self.portals],
            "workers": [
                {"id": one.id, "host": one.host, "pid": one.pid, "beat_at": iso(one.beat_at)}
                for one in self.workers
            ],
            "requests": self.requests,
        }


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch in full."""

    view: ProgressView
    portals: Sequence[PortalStatus]
    requests: int
    settings: Settings

    @classmethod
    def of(cls, ledger: Ledger, settings: Settings, batch_id: str) -> Self:
        """One batch as it is now."""
        progress = ledger.counts.of(batch_id)
        portals = [
            one for one in portal_statuses(ledger.portals, settings) if one.state.portal in progress.portals
        ]
        waiting = sum(request.batch_id == batch_id for request in ledger.requests.waiting())
        return cls(ProgressView(progress), portals, waiting, settings)

    @property
    def ended(self) -> bool:
        """Whether nothing of the batch is left to do."""
        return self.view.ended

    def text(self) -> str:
        """A table of the batch's portals, the pace, and what holds it up."""
        batch, portals = self.view.progress.batch, self.view.progress.portals
        rows = [
            (portal_name(self.settings, portal), *map(str, _counts(counts)))
            for portal, counts in sorted(portals.items())
        ]
        if batch.blocked:
            rows.append(("（未通过检查）", "", "", "", str(len(batch.blocked)), "需人工处理"))
        headers = ("平台", "正在办理", "即将办理", "等待", "已办", "办理结论")
        return "\n".join(
            [
                f"批次 {batch.id}（{batch.name}）：{self.view.state_word}",
                f"工作簿：{batch.workbook}",
                "",
                output.table(headers, rows),
                "",
                *self._pace(),
                *(f"平台“{one.name}”：{one.text()}" for one in self.portals if one.text() != "正常"),
                _requests(self.requests),
            ]
        )

    def _pace(self) -> list[str]:
        view, due = self.view, self.view.progress.next_due
        lines = [f"已办 {view.done}/{view.progress.total} 户"]
        if view.rate and not view.ended:
            lines[0] += f"，近 {RECENT.total_seconds() / 60:.0f} 分钟每分钟 {view.rate:.1f} 户"
        if view.minutes_left is not None:
            lines[0] += f"，预计还要 {span(view.minutes_left)}"
        if due:
            lines.append(f"下一户自动重试：{clock(due)}")
        return lines

    def line(self) -> str:
        """How far the batch is, and how its filings ended; changes only when something happens."""
        view = self.view
        verdicts = verdict_words(view.progress.verdicts)
        return (
            f"{view.progress.batch.id} {view.state_word}：已办 {view.done}/{view.progress.total} 户，"
            f"正在办理 {view.running} 户，待办 {self.requests} 条" + (f"；{verdicts}" if verdicts else "")
        )

    def document(self) -> Mapping[str, object]:
        """The ``status`` document of one batch; times in ISO 8601, the rate in filings a minute."""
        progress, minutes = self.view.progress, self.view.minutes_left
        return {
            "batch": _batch_document(self.view),
            "by_portal": {portal: dict(counts) for portal, counts in progress.portals.items()},
            "rate_per_minute": round(self.view.rate, 2),
            "seconds_left": None if minutes is None else round(minutes * 60),
            "next_due": iso(progress.next_due),
            "portals": [one.document() for one in self.portals],
            "requests": self.requests,
        }


StatusView = Overview | BatchView
"""What ``rpa status`` found in the ledger at one moment."""


def _batch_row(view: ProgressView) -> tuple[str, ...]:
    return (
        view.progress.batch.id,
        view.progress.batch.name,
        view.state_word,
        str(view.progress.total),
        str(view.done),
        str(view.running),
        str(view.left - view.running),
        verdict_words(view.progress.verdicts),
    )


def _counts(counts: Mapping[str, int]) -> tuple[int | str, ...]:
    """A portal's cells: tasks in each state, rows that are done, and how they ended."""
    verdicts = {Verdict(kind): number for kind, number in counts.items() if kind in Verdict.__members__}
    left = [counts.get(state, 0) for state in STATES]
    return (*left, sum(verdicts.values()), verdict_words(verdicts))


def _batch_document(view: ProgressView) -> dict[str, object]:
    progress, batch = view.progress, view.progress.batch
    return {
        "id": batch.id,
        "name": batch.name,
        "workbook": str(batch.workbook),
        "created_at": iso(batch.created_at),
        "state": batch.state.value,
        "total": progress.total,
        "done": view.done,
        "states": {state.value: progress.states.get(state, 0) for state in STATES},
        "verdicts": {verdict.value: number for verdict, number in progress.verdicts.items()},
        "blocked": len(batch.blocked),
    }


def _requests(number: int) -> str:
    return f"等待人工处理的待办：{number} 条" + ("，见 rpa requests" if number else "")
