"""The province in docs/add-a-province.md, unpacked where it is found, and a mock of it."""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import flows
import mock_portal
from mock_portal.provinces import provinces
from rpa.settings import configs

PAGE = Path(__file__).parents[2] / "docs" / "add-a-province.md"
FILES: dict[str, str] = dict(
    re.findall(r"^```\w+ (\S+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
)
MOCK = '''
"""A portal with one page."""

from mock_portal.provinces import Province

PROVINCE = Province(
    name="示例",
    order=3,
    editions=("2024",),
    origins=("",),
    unit_numbers="99",
    serials="9901",
    stages=("已受理", "已办结"),
    returned="已退回",
)
'''
SITE = '''
"""A portal with one page."""

from starlette.responses import Response
from starlette.routing import Route

from mock_portal.visit import Portal


class Example(Portal):
    key = "example"
    package = "mock_portal.example"
    cookie = "EXAMPLE"

    def expired(self, request):
        return Response("请重新登录")

    def failed(self, request):
        return Response("系统异常", 500)

    def in_maintenance(self, request, status):
        return Response("系统维护中", status)


def sites(world, edition, addresses):
    return [Example(world, edition, [Route("/", lambda request: Response("单位登录"))])]
'''


@contextmanager
def unpacked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The page's files in a folder where flows and settings are looked for; gives the portal's settings."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in configs.configs_folder().iterdir():
        shutil.copy(path, folder / "configs")
    with monkeypatch.context() as patch:
        patch.setattr(flows, "__path__", [*flows.__path__, str(folder / "flows")])
        patch.setattr(configs, "configs_folder", lambda: folder / "configs")
        yield tomllib.loads(FILES["configs/example.toml"])
    for module in [name for name in sys.modules if name.startswith("flows.example")]:
        del sys.modules[module]


@contextmanager
def mocked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The province's mock in a folder where mocks are looked for."""
    package = folder / "mock_portal" / "example"
    for part in ("static", "templates"):
        (package / part).mkdir(parents=True)
    (package / "__init__.py").write_text(MOCK, encoding="utf-8")
    (package / "site.py").write_text(SITE, encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(mock_portal, "__path__", [*mock_portal.__path__, str(package.parent)])
        provinces.cache_clear()
        yield
    provinces.cache_clear()
    for module in ("mock_portal.example", "mock_portal.example.site"):
        sys.modules.pop(module, None)
