"""How far a batch is, in the words that a person reads: in the console and at the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rpa.filing import Verdict
from rpa.ledger.batches.counts import RECENT
from rpa.ledger.data.batches import BatchProgress, BatchState
from rpa.ledger.data.tasks import TaskState

STATES = {
    TaskState.RUNNING: "正在办理",
    TaskState.QUEUED: "即将办理",
    TaskState.WAITING: "等待",
}
"""The states of a row that is not done."""

_HOUR = 60


@dataclass(frozen=True, slots=True)
class ProgressView:
    """A batch's progress, with what follows from its counts."""

    progress: BatchProgress

    @property
    def left(self) -> int:
        """Rows on which something is still done."""
        states = self.progress.states
        return sum(number for state, number in states.items() if state is not TaskState.DONE)

    @property
    def done(self) -> int:
        """Rows on which nothing more is done, blocked ones included."""
        return self.progress.states.get(TaskState.DONE, 0) + len(self.progress.batch.blocked)

    @property
    def passed(self) -> int:
        """Rows that the check let through: the filings of the batch."""
        return self.progress.total - len(self.progress.batch.blocked)

    @property
    def running(self) -> int:
        """Rows that are being worked on."""
        return self.progress.states.get(TaskState.RUNNING, 0)

    @property
    def ended(self) -> bool:
        """Whether nothing goes on by itself any more."""
        return self.left == 0

    @property
    def state_word(self) -> str:
        """How the batch stands."""
        if self.progress.batch.state is BatchState.CANCELLED:
            return "已取消"
        if self.ended:
            return "已办完"
        return "已暂停" if self.progress.batch.state is BatchState.PAUSED else "办理中"

    @property
    def rate(self) -> float:
        """Rows a minute lately."""
        return self.progress.recent / (RECENT.total_seconds() / 60)

    @property
    def minutes_left(self) -> float | None:
        """By the rate of lately; none where nothing was done lately, or nothing is left."""
        return self.left / self.rate if self.rate and self.left else None


def verdict_words(verdicts: Mapping[Verdict, int]) -> str:
    """Counts in the order of the verdicts: ``已提交 12，平台退回 1``."""
    return "，".join(f"{one.chinese} {verdicts[one]}" for one in Verdict if verdicts.get(one))


def span(minutes: float) -> str:
    """A length of time as a person says it, not shorter than a minute."""
    whole = max(1, round(minutes))
    return f"{whole // _HOUR} 小时 {whole % _HOUR} 分" if whole >= _HOUR else f"{whole} 分钟"
