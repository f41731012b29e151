"""What the queue's rows hold: sealed JSON, and never anything that is executed when it is read."""

from __future__ import annotations

import json
from typing import Any

from dbos import Serializer

from rpa.privacy.sealing import Seal


class TicketSerializer(Serializer):
    """Writes and reads what DBOS stores: a ticket's name, or the class of an error.

    Args:
        seal: none: plain JSON.
    """

    def __init__(self, seal: Seal | None) -> None:
        self._seal = seal

    def name(self) -> str:
        """Stands in every row, sealed or not: DBOS cannot even end what bears a name unknown to it."""
        return "rpa_json"

    def serialize(self, data: Any) -> str:
        """Whatever JSON knows, and of an exception the name of its class: messages hold anything."""
        text = json.dumps(data, default=_class_name)
        return self._seal.seal(text) if self._seal else text

    def deserialize(self, serialized_data: str) -> Any:
        """What :meth:`serialize` wrote; raises when anybody changed it."""
        data = json.loads(self._seal.open(serialized_data) if self._seal else serialized_data)
        return RuntimeError(data["error"]) if isinstance(data, dict) and "error" in data else data


def _class_name(data: object) -> dict[str, str]:
    if isinstance(data, BaseException):
        return {"error": type(data).__name__}
    raise TypeError(f"{type(data).__name__} does not belong into the queue")
