"""What the pages call things, and in which colour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from rpa.engine.operations.batch_progress import STATES, ProgressView
from rpa.filing import CHINA, Verdict
from rpa.ledger.data.batches import BatchProgress, BatchRow
from rpa.ledger.data.tasks import TaskState

_STATE_TONES = {"办理中": "open", "已暂停": "warn", "已取消": "calm", "已办完": "good"}


class Tag(NamedTuple):
    """A coloured word, with how many rows it stands for."""

    kind: str
    """What a page's filter calls it: a verdict, or the state of a task."""
    tone: str
    word: str
    number: int = 0


def batch_tag(view: ProgressView) -> Tag:
    """How a batch stands."""
    return Tag("", _STATE_TONES[view.state_word], view.state_word)


def verdict_tags(verdicts: Mapping[str, int]) -> list[Tag]:
    """The verdicts that occur."""
    return [Tag(one.value, one.tone, one.chinese, verdicts[one]) for one in Verdict if verdicts.get(one)]


def progress_tags(progress: BatchProgress) -> list[Tag]:
    """What rows are busy with, then how the others ended; blocked rows, which are no filings, left out."""
    return portal_tags(dict([*progress.states.items(), *filings_ended(progress).items()]))


def filings_ended(progress: BatchProgress) -> Mapping[Verdict, int]:
    """How many filings of a batch ended how: its blocked rows are none."""
    blocked = {Verdict.NEEDS_PERSON: len(progress.batch.blocked)}
    return {one: number - blocked.get(one, 0) for one, number in progress.verdicts.items()}


def portal_tags(counts: Mapping[str, int]) -> list[Tag]:
    """The same for one portal's counts: task state or verdict → rows."""
    busy = [Tag(one.value, "open", word, counts[one]) for one, word in STATES.items() if counts.get(one)]
    return busy + verdict_tags(counts)


def row_tag(row: BatchRow) -> Tag:
    """How a row stands now."""
    if row.state is not None and row.state is not TaskState.DONE:
        return Tag(row.state.value, "open" if row.state is TaskState.RUNNING else "calm", STATES[row.state])
    verdict = row.status.verdict
    return Tag(verdict.value, verdict.tone, verdict.chinese) if verdict else Tag("", "calm", "未办理")


def moment(at: datetime | None) -> str:
    """A moment in China's time, to the second; empty for none."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if at else ""
