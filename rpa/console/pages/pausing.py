"""Pausing and resuming a batch or a portal, and the sentence that the page shows afterwards."""

from __future__ import annotations

from rpa.console.endpoints import JsonObject
from rpa.engine.operations import control
from rpa.engine.operations.target import Target
from rpa.ledger.ledger import Ledger


def pause(ledger: Ledger, target: Target, who: str) -> JsonObject:
    """Pause a batch or a portal under a person's name."""
    changed = control.pause(ledger, target, who)
    running = target.running(ledger)
    sentence = f"{target.shown}{'已暂停' if changed else '早已暂停'}。"
    return {"told": sentence + (f"正在办理的 {running} 户会办完。" if running else "")}


def resume(ledger: Ledger, target: Target, who: str) -> JsonObject:
    """Resume a batch or a portal under a person's name."""
    changed = control.resume(ledger, target, who)
    return {"told": f"{target.shown}{'已恢复' if changed else '没有暂停'}。"}
