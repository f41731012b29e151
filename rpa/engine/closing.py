"""Closing a batch's evidence when its work is over: sealed, and timestamped where an authority is set."""

from __future__ import annotations

from rpa.credentials import Credentials
from rpa.errors import UserError
from rpa.evidence.bag.seal import seal
from rpa.evidence.timestamps.stamping import stamp
from rpa.evidence.timestamps.timestamp import trusted_roots
from rpa.ledger.ledger import Ledger
from rpa.settings import Settings


def close_evidence(batch_id: str, ledger: Ledger, settings: Settings) -> tuple[str, ...]:
    """Seal the evidence of a batch that nobody works on now; it is opened again when its work goes on.

    Returns:
        What the operator has to know, in Chinese: why it is not sealed, or its time is not proved.
    """
    bag = settings.evidence_root / batch_id
    actions = tuple(reversed(ledger.actions(batch_id, limit=None)))
    try:
        seal(bag, actions=actions, secrets=Credentials(settings.home).passwords_at_hand())
        if not settings.evidence.timestamp_url or ledger.unfinished(batch_id):
            return ()
        roots = trusted_roots(settings.evidence.timestamp_roots)
        proof, _ = stamp(bag, settings.evidence.timestamp_url, roots)
    except UserError as error:
        return (str(error),)
    return () if proof.proven else (f"收到了时间戳，但时间未证明：{proof.why}",)
