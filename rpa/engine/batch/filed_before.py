"""What the ledger knows of a workbook's rows before they are entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rpa.filing import Verdict
from rpa.ledger.filings.filings import Filings
from rpa.ledger.records.filings import FilingKey

_TOLD = (Verdict.SUBMITTED, Verdict.ALREADY_FILED, Verdict.UNCONFIRMED)


def filed_before(filings: Filings, keys: Sequence[FilingKey]) -> Mapping[FilingKey, str]:
    """The filings that are filed, or perhaps filed, each with a Chinese sentence that says so."""
    return {
        key: f"台账中这笔办件的结论是“{state.verdict.chinese}”"
        for key, state in filings.find_all(keys).items()
        if state.verdict in _TOLD
    }
