"""Errors about wrong values name the place and never the value."""

from __future__ import annotations

import importlib
import pkgutil
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError
from sqlalchemy import make_url

import flows
import mock_portal
import rpa
from rpa.engine.queue.database import queue_engine
from rpa.errors import UserError
from rpa.ledger.database import database
from rpa.ledger.ledger import Ledger
from rpa.settings.portal import Strict
from rpa.settings.settings import load_settings

VALUE = "k7Qw!zP9-13812345678"


def _modules() -> Iterator[str]:
    for package in (rpa, flows, mock_portal):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__") and ".migrations" not in found.name:
                yield found.name


def _models(kind: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    for one in kind.__subclasses__():
        yield one
        yield from _models(one)


def test_no_model_repeats_its_input() -> None:
    for name in _modules():
        importlib.import_module(name)
    ours = [one for one in _models() if one.__module__.partition(".")[0] in ("rpa", "flows", "mock_portal")]
    assert len(ours) > 8
    assert [one.__name__ for one in ours if not one.model_config.get("hide_input_in_errors")] == []


def test_a_models_error_names_the_place_and_not_the_value() -> None:
    class Part(Strict):
        number: int

    with pytest.raises(ValidationError) as caught:
        Part.model_validate({"number": VALUE, "other": VALUE})
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "number" in told
    assert VALUE not in told


@pytest.mark.parametrize(
    "wrong",
    [
        {"portals": {"henan": {"base_url": VALUE}}},
        {"operator": {"captcha_seconds": VALUE}},
        {"console": {"port": VALUE}},
        {"browser": {"ws_endpoint": f"ws://user:{VALUE}@example.org"}},
        {"evidence": {"timestamp_url": f"x {VALUE}"}},
        {"database": VALUE},
    ],
)
def test_wrong_settings_are_named_and_not_quoted(wrong: dict[str, object]) -> None:
    with pytest.raises(UserError) as caught:
        load_settings(**wrong)
    assert next(iter(wrong)) in str(caught.value)
    assert VALUE not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)


@pytest.mark.parametrize("url", ["sqlite:///{}/ledger.db", "postgresql://rpa@127.0.0.1/x"])
def test_no_database_error_quotes_what_was_to_be_written(url: str, tmp_path: Path) -> None:
    url = url.format(tmp_path)
    for engine in (database._engine(make_url(url)), queue_engine(url)):
        assert engine.hide_parameters
        engine.dispose()


def test_a_wrong_ledger_address_does_not_show_its_password(tmp_path: Path) -> None:
    for address in (f"mysql://rpa:{VALUE}@host/x", f"postgresql://rpa:{VALUE}@127.0.0.1:1/x"):
        with pytest.raises(UserError) as caught:
            Ledger.open(address, key=tmp_path / "seal.key")
        assert VALUE not in "".join(traceback.format_exception(caught.value))
