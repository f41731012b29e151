"""Workers die and databases restart: nothing is filed twice, nothing is forgotten.

The short forms of ``python -m benchmarks.chaos``; each run's violations are what its report says.
"""

from __future__ import annotations

import pytest

from benchmarks.chaos import run
from benchmarks.chaos_report import Plan, Report

pytestmark = pytest.mark.counts_commits


def _held(plan: Plan) -> Report:
    report = run(plan)
    assert not report.faults, "\n".join(report.lines())
    assert (report.commits, report.most_commits) == (plan.filings, 1)
    assert (report.kills, report.restarts) == (plan.kills, plan.restarts)
    return report


def test_one_worker_after_another_on_sqlite() -> None:
    report = _held(Plan(filings=40, kills=4, seconds=0.4))
    assert report.take_overs


@pytest.mark.thorough
def test_workers_and_a_server_that_crash_on_postgresql() -> None:
    report = _held(Plan(filings=40, kills=3, seconds=0.4, database="postgres", workers=2, restarts=1, seed=2))
    assert report.take_overs


@pytest.mark.thorough
def test_workers_die_in_the_middle_of_their_logins_goes_on_sqlite() -> None:
    report = _held(Plan(filings=32, kills=3, seconds=0.3, logins=3, seed=3))
    assert report.take_overs


def test_workers_die_in_the_middle_of_their_logins_goes_on_postgresql() -> None:
    plan = Plan(
        filings=32, kills=3, seconds=0.3, database="postgres", workers=2, restarts=1, logins=4, seed=4
    )
    assert _held(plan).take_overs


@pytest.mark.thorough
def test_real_browsers_whose_workers_die_after_the_click() -> None:
    report = _held(Plan(filings=4, kills=2, real=True, committed=True))
    assert report.killed_committing >= 2


def test_without_the_intent_it_would_be_noticed() -> None:
    """The run finds duplicates where there are some: this stub commits whatever the ledger says."""
    report = run(Plan(filings=12, kills=1, committed=True, guarded=False))
    assert report.most_commits == 2
    assert any("2 commits" in fault for fault in report.faults)
