"""Closing a batch's evidence when its work is over: sealed, and timestamped where an authority is set."""

from __future__ import annotations

from pathlib import Path

from rpa.credentials.store import Credentials
from rpa.errors import UserError
from rpa.evidence.bag.seal import seal
from rpa.evidence.timestamps.stamping import stamp
from rpa.evidence.timestamps.timestamp import trusted_roots
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings


def seal_batch(batch_id: str, ledger: Ledger, settings: Settings) -> tuple[str, ...]:
    """Seal the evidence of a batch that nobody works on now; it is opened again when its work goes on.

    Returns:
        What the operator has to know, in Chinese: why it is not sealed, or its time is not proved.
    """
    bag = settings.evidence_root / batch_id
    actions = tuple(reversed(ledger.actions.newest(batch_id, limit=None)))
    try:
        seal(bag, actions=actions, secrets=Credentials(settings.home).passwords_at_hand())
    except UserError as error:
        return (str(error),)
    return () if ledger.counts.unfinished(batch_id) else stamped(bag, settings)


def stamped(bag: Path, settings: Settings) -> tuple[str, ...]:
    """Have the time of a sealed bag proved, where an authority is set.

    Returns:
        Why it is not proved, in Chinese.
    """
    evidence = settings.evidence
    if not evidence.timestamp_url:
        return ()
    try:
        proof, _ = stamp(bag, evidence.timestamp_url, trusted_roots(evidence.timestamp_roots))
    except UserError as error:
        return (f"{error}；稍后可运行 rpa evidence stamp {bag.name}",)
    return () if proof.proven else (f"收到了时间戳，但时间未证明：{proof.why}",)
