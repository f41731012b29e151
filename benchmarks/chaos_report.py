"""What a chaos run is told, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done to whom."""

    filings: int = 200
    kills: int = 20
    database: str = "sqlite"
    workers: int = 1
    restarts: int = 0
    """Of the PostgreSQL server."""
    real: bool = False
    seed: int = 1
    seconds: float = 0.6
    """A filing's, at the stub."""
    guarded: bool = True
    logins: int = 0
    """So many stored logins are shared by the filings; 0: each logs in for itself."""
    committed: bool = False
    """Kill only while something has arrived at the portal and has not ended: the worst moment."""


@dataclass
class Report:
    """What came of it."""

    plan: Plan
    filings: int = 0
    submitted: int = 0
    commits: int = 0
    most_commits: int = 0
    attempts: int = 0
    kills: int = 0
    killed_running: int = 0
    """Filings that were being worked on when their worker was killed."""
    killed_committing: int = 0
    """Of these, those with an intent and no outcome yet."""
    restarts: int = 0
    take_overs: int = 0
    cleared: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """As a table."""
        plan = self.plan
        what = "mock portal, Chromium" if plan.real else f"stub, {plan.seconds} s a filing"
        rows = {
            "run": f"{what}; {plan.database}, {plan.workers} worker(s), {plan.logins} shared login(s), "
            f"seed {plan.seed}{', killed when committed' if plan.committed else ''}",
            "filings": f"{self.filings}, of these SUBMITTED {self.submitted}",
            "commits in the portal's journal": f"{self.commits}, at most {self.most_commits} of one filing",
            "kills (SIGKILL)": f"{self.kills}, of {self.killed_running} filings at work",
            "… between intent and outcome": str(self.killed_committing),
            "restarts of the database": str(self.restarts),
            "attempts": str(self.attempts),
            "filings taken over by another worker": str(self.take_overs),
            "intents cleared by a person": str(self.cleared),
            "duration": f"{self.seconds:.0f} s",
        }
        yield from (f"{name:38} {value}" for name, value in rows.items())
        yield from (f"VIOLATION: {fault}" for fault in self.faults)
        yield "FAILED" if self.faults else "all held"
