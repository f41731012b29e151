"""Where values come from, and that a wrong one is refused in words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from rpa.errors import UserError
from rpa.settings.addresses import origin_of
from rpa.settings.portal import LoginWay
from rpa.settings.settings import load_settings, merge


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RPA_HOME", str(tmp_path))
    return tmp_path


def test_the_shipped_portal_is_henan() -> None:
    henan = load_settings().portals["henan"]
    assert henan.name == "河南"
    assert henan.origins == {"https://siwsfw.hrss.henan.gov.cn"}
    assert henan.edition_for("南阳市") == henan.default_edition == "2024"
    assert "稳岗返还申请" in henan.editions["2024"].item_names["稳岗返还"]
    assert henan.label("提交申报")[0] == "提交申报"


def test_the_other_shipped_portal_is_guangdong() -> None:
    guangdong = load_settings().portals["guangdong"]
    assert guangdong.name == "广东"
    assert "https://ggfw.hrss.gd.gov.cn" in guangdong.origins
    assert guangdong.default_login in guangdong.logins
    way = guangdong.login_way("")
    assert (way.stored, way.shared) == (True, True)
    assert "purpose_accepted" in guangdong.not_required


def test_every_portal_has_the_default_way_that_it_names() -> None:
    for portal in load_settings().portals.values():
        assert not portal.default_login or portal.default_login in portal.logins


def test_the_strongest_source_wins(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().engine.concurrency is None
    (own_home / "settings.toml").write_text("[engine]\nconcurrency = 5\nrestarts = 1\n", encoding="utf-8")
    assert load_settings().engine.concurrency == 5
    monkeypatch.setenv("RPA_ENGINE__CONCURRENCY", "6")
    assert load_settings().engine.concurrency == 6
    settings = load_settings(engine={"concurrency": 7})
    assert settings.engine.concurrency == 7
    assert settings.engine.restarts == 1


def test_a_users_file_changes_one_value_of_a_portal(own_home: Path) -> None:
    (own_home / "settings.toml").write_text(
        '[portals.henan.city_editions]\n"济源市" = "2023"\n', encoding="utf-8"
    )
    henan = load_settings().portals["henan"]
    assert henan.edition_for("济源市") == "2023"
    assert henan.edition_for("郑州市") == "2024"


def test_an_unknown_key_is_refused_by_name(own_home: Path) -> None:
    (own_home / "settings.toml").write_text("[engine]\nconcurency = 5\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"engine\.concurency：没有这个设置项"):
        load_settings()


def test_a_broken_file_is_named(own_home: Path) -> None:
    (own_home / "settings.toml").write_text("concurrency = [", encoding="utf-8")
    with pytest.raises(UserError, match=r"settings\.toml"):
        load_settings()


@pytest.mark.parametrize(
    "url", ["http://siwsfw.hrss.henan.gov.cn", "ftp://127.0.0.1", "siwsfw.hrss.henan.gov.cn"]
)
def test_plain_http_is_for_loopback_alone(url: str) -> None:
    with pytest.raises(UserError, match="https://") as caught:
        load_settings(portals={"henan": {"base_url": url}})
    assert url not in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8410/", "http://localhost:1", "https://test.example"])
def test_loopback_and_https_are_accepted(url: str) -> None:
    henan = load_settings(portals={"henan": {"base_url": url}}).portals["henan"]
    assert henan.base_url == url.rstrip("/")


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Portal.Example:443/a?b", "https://portal.example"),
        ("http://127.0.0.1:8410/x", "http://127.0.0.1:8410"),
        ("about:blank", "about://"),
    ],
)
def test_origin(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_ways_to_log_in(own_home: Path) -> None:
    (own_home / "settings.toml").write_text(
        "[portals.henan]\ndefault_login = '常用'\nnot_required = ['bank']\n"
        "[portals.henan.logins.'常用']\nstored = true\nshared = true\n[portals.henan.logins.'扫码']\n",
        encoding="utf-8",
    )
    henan = load_settings().portals["henan"]
    assert (henan.login_way("").stored, henan.login_way("").shared) == (True, True)
    assert henan.login_way("常用") == henan.login_way("")
    assert henan.login_way("扫码") == henan.login_way("没有的") == LoginWay()
    assert henan.not_required == ("bank",)
    assert henan.keep_session_minutes == 0


def test_a_way_to_log_in_has_no_other_properties(own_home: Path) -> None:
    (own_home / "settings.toml").write_text(
        "[portals.henan.logins.'常用']\npassword = 'secret'\n", encoding="utf-8"
    )
    with pytest.raises(UserError, match=r"logins\.常用\.password：没有这个设置项") as caught:
        load_settings()
    assert "secret" not in str(caught.value)


def test_merge_goes_leaf_by_leaf() -> None:
    assert merge({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 9}}) == {"a": {"b": 9, "c": 2}, "d": 3}
