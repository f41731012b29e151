"""Timestamps of a real authority: what they prove, what they do not, and authorities that misbehave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from rpa.errors import UserError
from rpa.evidence.timestamps.timestamp import (
    TimestampError,
    check_timestamp,
    request_timestamp,
    trusted_roots,
)
from tests.support.authority import Authority, Server, serving

DATA = b"0f  manifest-sha256.txt\n"


@pytest.fixture(scope="module")
def token(authority: Authority) -> bytes:
    """A timestamp of ``DATA``."""
    return authority.answer(query())


@pytest.fixture
def server(authority: Authority) -> Iterator[Server]:
    with serving(authority) as one:
        yield one


def query(data: bytes = DATA) -> bytes:
    return TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build().as_bytes()


def test_asked_and_proven(server: Server, authority: Authority, tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    token = request_timestamp(DATA, server.url)
    proof = check_timestamp(token, DATA, trusted_roots(authority.roots))
    assert (proof.proven, proof.authority, proof.why) == (True, "测试时间戳机构", "")
    assert proof.at is not None
    assert before <= proof.at <= datetime.now(UTC)
    # Whoever does not trust this program asks openssl; the root alone is enough, the chain is in the token.
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "token").write_bytes(token)
    files = f"-data {tmp_path}/data -in {tmp_path}/token -CAfile {authority.roots}"
    authority.openssl(f"ts -verify {files}")


def test_other_data(token: bytes, authority: Authority) -> None:
    proof = check_timestamp(token, DATA + b"x", trusted_roots(authority.roots))
    assert not proof.proven
    assert "不是对这份清单作的" in proof.why


def test_an_authority_that_is_not_trusted(token: bytes, authority: Authority, tmp_path: Path) -> None:
    other = Authority(tmp_path / "另一家", "另一家")
    proof = check_timestamp(token, DATA, trusted_roots(other.roots))
    assert not proof.proven
    assert proof.why == "时间戳机构“测试时间戳机构 中间”不在受信任的根证书之列"
    namesake = Authority(tmp_path / "冒名", "测试时间戳机构")
    proof = check_timestamp(token, DATA, trusted_roots(namesake.roots))
    assert not proof.proven
    assert "冒名" in proof.why
    for nobody in (trusted_roots(None), []):
        proof = check_timestamp(token, DATA, nobody)
        assert not proof.proven
        assert "不在受信任的根证书之列" in proof.why
    assert trusted_roots(None), "this system trusts nobody: apt-get install ca-certificates"


def test_the_certificate_counts_at_the_tokens_time(tmp_path: Path) -> None:
    """Expired since: proven. Expired when it signed: not."""
    authority = Authority(tmp_path / "机构", years=(-6, -2))
    roots = trusted_roots(authority.roots)
    today = authority.answer(query())
    proof = check_timestamp(today, DATA, roots)
    assert not proof.proven
    assert "不在有效期内" in proof.why
    then = (datetime.now(UTC) - timedelta(days=365 * 4)).replace(microsecond=0)
    proof = check_timestamp(authority.dated(today, then), DATA, roots)
    assert proof.proven, proof.why
    assert proof.at == then


def test_a_certificate_for_something_else(token: bytes, tmp_path: Path) -> None:
    """Whoever has any certificate below a trusted root could otherwise tell the time."""
    website = Authority(tmp_path / "网站", "网站", use=ExtendedKeyUsageOID.SERVER_AUTH)
    token = website.dated(token, datetime.now(UTC))
    proof = check_timestamp(token, DATA, trusted_roots(website.roots))
    assert not proof.proven
    assert proof.why == "签名证书“网站”的用途不是时间戳"


def test_damaged_anywhere(token: bytes, authority: Authority) -> None:
    """No altered byte makes another time, and none makes an error that is not ours."""
    roots = trusted_roots(authority.roots)
    good = check_timestamp(token, DATA, roots)
    proven = 0
    for place in range(0, len(token), 3):
        damaged = bytearray(token)
        damaged[place] ^= 1 << place % 8
        proof = check_timestamp(bytes(damaged), DATA, roots)
        assert bool(proof.why) is not proof.proven
        if proof.proven:  # the status, a number of a version: nothing that was signed
            assert proof == good
            proven += 1
    assert proven < len(token) / 60
    for size in (0, 1, 100, len(token) - 1):
        assert check_timestamp(token[:size], DATA, roots).why == "时间戳文件已损坏，无法读取"


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("silent", "没有在规定时间内答复"),
        ("large", "答复过大"),
        ("500", "HTTP 500"),
        ("302", "换了地址"),
        ("page", "不是时间戳"),
    ],
)
def test_an_authority_that_misbehaves(trouble: str, words: str, server: Server) -> None:
    server.trouble = trouble
    with pytest.raises(TimestampError, match=words):
        request_timestamp(DATA, server.url, seconds=0.5 if trouble == "silent" else 60)
    server.was_asked.wait(60)  # whoever waits for half a second is gone before a busy server looks
    assert server.asked == 1


def test_an_answer_given_before(server: Server) -> None:
    request_timestamp(DATA, server.url)
    server.trouble = "replay"
    with pytest.raises(TimestampError, match="重放"):
        request_timestamp(DATA, server.url)
    with pytest.raises(TimestampError, match="别的内容"):
        request_timestamp(DATA + b"x", server.url)


def test_a_refusal(tmp_path: Path) -> None:
    with serving(Authority(tmp_path / "机构", digests="sha512")) as server:
        with pytest.raises(TimestampError, match=r"拒绝了请求（状态 2）：.*not supported"):
            request_timestamp(DATA, server.url)
        refusal = server.first
    assert check_timestamp(refusal, DATA, []).why == "时间戳文件已损坏，无法读取"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "file:///etc/passwd", "http://a b/", "http://[/"])
def test_nobody_there(url: str) -> None:
    with pytest.raises(TimestampError, match="联系不上时间戳机构"):
        request_timestamp(DATA, url, seconds=5)


def test_roots_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="读不了"):
        trusted_roots(tmp_path / "none.pem")
    (tmp_path / "bad.pem").write_text("hello")
    with pytest.raises(UserError, match="不是 PEM"):
        trusted_roots(tmp_path / "bad.pem")
