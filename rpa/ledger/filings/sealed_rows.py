"""A row of the workbook as the ledger keeps it: the whole filing as JSON, sealed."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from rpa.errors import UserError
from rpa.filing import Employer, Filing, FilingKey
from rpa.privacy.sealing import Seal

_EMPLOYER = tuple(field.name for field in fields(Employer))
_FILING = tuple(field.name for field in fields(Filing) if field.name != "employer")


def seal_filing(seal: Seal, filing: Filing) -> str:
    """A filing that a worker on any machine can unseal with the ledger's key."""
    values: dict[str, Any] = {name: getattr(filing, name) for name in _FILING}
    values["employer"] = {name: getattr(filing.employer, name) for name in _EMPLOYER}
    return seal.seal(json.dumps(values, ensure_ascii=False, default=str))


def unseal_filing(seal: Seal, sealed: str, *, key: FilingKey, row: int) -> Filing:
    """The filing that :func:`seal_filing` sealed.

    Args:
        seal: the ledger's.
        sealed: what stands in the row's place.
        key: of the filing that the place belongs to.
        row: of the place.

    Raises:
        UserError: changed, sealed with another key, or moved from another place.
    """
    values = json.loads(seal.open(sealed))
    of = values.pop("employer")
    until = of.pop("authorised_until")
    materials = tuple(Path(path) for path in of.pop("materials"))
    employer = Employer(**of, authorised_until=until and date.fromisoformat(until), materials=materials)
    filing = Filing(**values, employer=employer)
    if (filing.key, filing.row) != (key, row):
        raise UserError(f"台账中封存的数据与第 {row} 行不符：数据被改动过")
    return filing
