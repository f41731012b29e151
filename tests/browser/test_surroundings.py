"""Where the work is done: what is told of a portal's certificate, the way to it, and the clocks."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

import rpa
from rpa.browser.certificate import Certificate, certificate_of
from rpa.browser.running_browser import RunningBrowser
from rpa.browser.session import Session
from rpa.browser.signs import Sign
from rpa.browser.surroundings import Facts, Surroundings, overrides
from tests.support.portal import portal_at
from tests.support.wire import Wire, nobody_there

in_one_loop = pytest.mark.asyncio(loop_scope="session")

PAGE = "<p>末行</p>"


@dataclass
class Secured:
    """A TLS server on loopback with a certificate of its own making."""

    certificate: x509.Certificate
    file: Path
    port: int = 0
    connections: int = 0

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.certificate.public_bytes(Encoding.DER)).hexdigest()

    def count(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.close()


@asynccontextmanager
async def secured(folder: Path) -> AsyncIterator[Secured]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "试验平台")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(datetime(2099, 1, 2, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "portal.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    running = Secured(made, file)
    server = await asyncio.start_server(running.count, "127.0.0.1", 0, ssl=context)
    async with server:
        running.port = server.sockets[0].getsockname()[1]
        yield running


async def _ask(port: int, host: str = "127.0.0.1", seconds: float = 30.0) -> Certificate:
    return await asyncio.to_thread(certificate_of, host, port, seconds)


@in_one_loop
async def test_a_certificate_is_told_with_whether_the_system_trusts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with secured(tmp_path) as server:
        strange = await _ask(server.port)
        assert strange.sha256 == server.fingerprint
        assert strange.subject == strange.issuer == "CN=试验平台"
        assert strange.valid_until == "2099-01-02T00:00:00+00:00"
        assert strange.trusted is False
        assert "self" in strange.problem

        monkeypatch.setenv("SSL_CERT_FILE", str(server.file))
        known = await _ask(server.port)
        assert known.trusted is True
        assert known.problem == ""
        assert known.sha256 == server.fingerprint
        other_name = await _ask(server.port, "localhost")
        assert other_name.trusted is False
        assert other_name.sha256 == server.fingerprint


@in_one_loop
async def test_what_shows_no_certificate_leaves_a_reason_in_time() -> None:
    async with Wire({"/": PAGE}).listening() as plain:
        port = int(plain.url.rpartition(":")[2])
        spoken = await _ask(port, seconds=0.3)
    assert spoken.sha256 is None
    assert "握手" in spoken.problem
    with nobody_there() as nowhere:
        gone = await _ask(int(nowhere.rpartition(":")[2]))
    assert (gone.sha256, gone.trusted, gone.problem) == (None, None, "连接失败")


def test_hosts_lines_that_name_the_portal_are_told(tmp_path: Path) -> None:
    file = tmp_path / "hosts"
    file.write_text(
        "\ufeff127.0.0.1\tlocalhost\r\n"
        "# 10.0.0.1 portal.example\r\n"
        "10.0.0.2  other.example Portal.Example. # moved\r\n"
        "::1 portal.example\r\n10.0.0.3\r\n",
        encoding="utf-8",
    )
    assert overrides(file, ["portal.example"]) == ["10.0.0.2 Portal.Example.", "::1 portal.example"]
    assert overrides(file, ["nowhere.example"]) == []
    assert overrides(tmp_path / "missing", ["portal.example"]) is None


async def _facts(surroundings: Surroundings, session: Session, address: str = "") -> Facts:
    async with surroundings.watched(session) as gathering:
        if address:
            await session.go(address)
            await session.see(Sign("末行"))
            await asyncio.wait([gathering], timeout=60)
            assert gathering.done()
    return gathering.result()


@in_one_loop
async def test_surroundings_of_a_session(
    running: RunningBrowser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("10.9.8.7 127.0.0.1\n")
    monkeypatch.setenv("http_proxy", "http://someone:wordofpass@proxy.example:3128/")
    monkeypatch.setenv("no_proxy", "localhost")
    surroundings = Surroundings(hosts, seconds=30)
    slow = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    async with (
        Wire({"/": PAGE}, status=f"200 OK\r\nDate: {slow}").listening() as wire,
        Session.open(running, portal_at(wire.url)) as session,
    ):
        facts = await _facts(surroundings, session, wire.url + "/")
        wire.status = "200 OK\r\nDate: Thu, 01 Jan 2015 00:00:00 GMT"
        again = await _facts(surroundings, session, wire.url + "/")
    assert 3599 <= facts["clock_offset"] <= 3720
    assert again == facts, "of the session's first document alone"
    assert facts["version"] == rpa.__version__
    assert facts["browser"] == f"chromium {running.chromium.version}"
    assert facts["proxy"] == "proxy.example:3128"
    assert facts["hosts_overrides"] == ["10.9.8.7 127.0.0.1"]
    assert (facts["remote_browser"], facts["headed"]) == (False, False)
    assert facts["certificate_sha256"] is None
    assert facts["certificate_problem"] == "本机设有代理，未直接握手"
    assert "wordofpass" not in str(facts)


@in_one_loop
async def test_a_portals_certificate_is_asked_for_once_and_awaited_by_nobody(
    running: RunningBrowser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    surroundings = Surroundings(tmp_path / "none", seconds=30)
    date = format_datetime(datetime.now(UTC), usegmt=True)
    async with (
        secured(tmp_path) as server,
        Wire({"/": PAGE}, status=f"200 OK\r\nDate: {date}").listening() as wire,
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(server.file))
        portal = portal_at(f"https://127.0.0.1:{server.port}", extra_origins=[wire.url])
        async with Session.open(running, portal) as session:
            hasty = await _facts(surroundings, session)
            whole = await _facts(surroundings, session, wire.url + "/")
        async with Session.open(running, portal) as session:
            another = await _facts(surroundings, session, wire.url + "/")
    assert hasty["certificate_problem"] == "尚未得到答复"
    assert hasty["clock_offset"] is None
    assert whole["certificate_sha256"] == another["certificate_sha256"] == server.fingerprint
    assert whole["certificate_trusted"] is True
    assert whole["hosts_overrides"] is None
    assert -1 <= another["clock_offset"] <= 120
    assert server.connections == 1
