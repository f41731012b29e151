"""Other machines: not without a password, a certificate and a name; then by both, and nobody guesses long."""

from __future__ import annotations

import http.client
import json
import os
import ssl
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rpa.console.access.login_password import Password, TooManyGuessesError
from rpa.console.server import serving
from rpa.errors import UserError
from rpa.settings.settings import Settings
from tests.support.console import Served, served_console, settings_at
from tests.support.visiting import Answer, stranger

NAME = "caozuotai.example"
PASSWORD = "夏天-的-第三个班次"


def certificate(folder: Path, *, password: bytes = b"") -> dict[str, Path]:
    """A certificate that its own key signed, as the settings name it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = {"tls_certificate": folder / "cert.pem", "tls_key": folder / "key.pem"}
    paths["tls_certificate"].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    closed = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    coded = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, closed
    paths["tls_key"].write_bytes(key.private_bytes(*coded))
    return paths


def open_to_others(home: Path, **console: Any) -> Settings:
    return settings_at(home, console={"host": "0.0.0.0", "names": (NAME,), **console})


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("home")
    Password(home).set(PASSWORD)
    with served_console(open_to_others(home, **certificate(home))) as console:
        yield console


class Caller:
    """Somebody at another machine, who trusts the certificate."""

    def __init__(self, served: Served) -> None:
        self.port = int(served.url.rpartition(":")[2])
        self._trusted = ssl.create_default_context(cafile=served.settings.console.tls_certificate)
        self.cookie = ""

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        sent = {"Host": f"{NAME}:{self.port}", "Cookie": self.cookie}
        if method == "POST":
            sent |= {"Origin": f"https://{NAME}:{self.port}", "X-RPA-Console": "1"}
        connection = _Named("127.0.0.1", self.port, timeout=60, context=self._trusted)
        with closing(connection):
            connection.request(method, path, json.dumps(body or {}), sent | headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode())

    def sign_in(self, password: str, name: str = "李四") -> Answer:
        return self.send("POST", "/login", {"name": name, "password": password})


class _Named(http.client.HTTPSConnection):
    """Calls the address and expects the name's certificate, as after asking a name server."""

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = self._context.wrap_socket(self.sock, server_hostname=NAME)  # type: ignore[attr-defined]


@pytest.fixture
def caller(served: Served) -> Caller:
    return Caller(served)


async def refused(settings: Settings) -> str:
    with pytest.raises(UserError) as refusal:
        async with serving(settings, port=0):
            pass
    return str(refusal.value)


async def test_it_does_not_start_unless_it_is_safe(tmp_path: Path) -> None:
    pair = certificate(tmp_path)
    assert "须先设置 console.tls_certificate" in await refused(open_to_others(tmp_path))
    for one in pair:
        assert "要一起设置" in await refused(open_to_others(tmp_path, **{one: pair[one]}))
    assert "rpa console --set-password" in await refused(open_to_others(tmp_path, **pair))
    Password(tmp_path).set(PASSWORD)
    assert "console.names" in await refused(open_to_others(tmp_path, **pair, names=()))
    for host in ("192.0.2.1", "::"):
        assert "须先设置 console.tls_certificate" in await refused(open_to_others(tmp_path, host=host))
    async with serving(open_to_others(tmp_path, **pair), port=0) as console:
        assert console.address.url == f"https://{NAME}:{console.address.port}"


@pytest.mark.parametrize("wrong", ["gone", "nonsense", "another's", "closed"])
async def test_a_certificate_that_cannot_be_used_is_told(tmp_path: Path, wrong: str) -> None:
    pair = certificate(tmp_path, password=b"closed" if wrong == "closed" else b"")
    Password(tmp_path).set(PASSWORD)
    if wrong == "gone":
        pair["tls_key"].unlink()
    elif wrong == "nonsense":
        pair["tls_certificate"].write_text("nonsense", encoding="utf-8")
    elif wrong == "another's":
        (tmp_path / "other").mkdir()
        pair["tls_key"] = certificate(tmp_path / "other")["tls_key"]
    message = await refused(open_to_others(tmp_path, **pair))
    assert f"操作台的证书 {pair['tls_certificate']}" in message
    assert "PRIVATE" not in message


async def test_loopback_needs_none_of_it(tmp_path: Path) -> None:
    for host in ("127.0.0.1", "localhost"):
        async with serving(settings_at(tmp_path, console={"host": host}), port=0) as console:
            assert console.address.scheme == "http"
            assert "127.0.0.1" in console.address.names


async def test_a_port_that_is_taken_gives_way_to_the_next(tmp_path: Path) -> None:
    async with serving(settings_at(tmp_path), port=0) as first:
        taken = first.address.port
        async with serving(settings_at(tmp_path, console={"port": taken})) as second:
            assert taken < second.address.port <= taken + 20
        with pytest.raises(UserError, match=f"端口 {taken} 用不了.*--port"):
            async with serving(settings_at(tmp_path), port=taken):
                pass


def test_the_password_opens_it_and_the_cookie_is_for_tls_alone(caller: Caller) -> None:
    form = caller.send("GET", "/login").body
    assert 'type="password"' in form
    assert caller.sign_in("夏天-的-第二个班次").status == 403
    answer = caller.sign_in(PASSWORD)
    assert answer.status == 200
    cookie = answer.headers["Set-Cookie"]
    assert {"secure", "httponly", "samesite=strict"} <= {part.strip().lower() for part in cookie.split(";")}
    caller.cookie = cookie.partition(";")[0]
    page = caller.send("GET", "/")
    assert page.status == 200
    assert "李四" in page.body


def test_a_name_of_ours_and_no_other(caller: Caller) -> None:
    for host, status in ((f"127.0.0.1:{caller.port}", 401), (f"evil.example:{caller.port}", 421)):
        assert caller.send("GET", "/login", Host=host).status == status


def test_whoever_guesses_waits(tmp_path: Path) -> None:
    Password(tmp_path).set(PASSWORD)
    with served_console(open_to_others(tmp_path, **certificate(tmp_path))) as closed:
        caller = Caller(closed)  # a console that the other tests do not need open
        said = [caller.sign_in(f"夏天-的-第{number}个班次").status for number in range(7)]
        assert said == [403] * 5 + [429] * 2
        refused = caller.sign_in(PASSWORD)
        assert (refused.status, "Set-Cookie" in refused.headers) == (429, False)
        assert "过一分钟再试" in refused.body


def test_without_tls_no_password_is_taken(tmp_path: Path) -> None:
    Password(tmp_path).set(PASSWORD)
    with served_console(settings_at(tmp_path)) as console:
        guest = stranger(console)
        assert 'type="password"' not in guest.get("/login").body
        answer = guest.post("/login", {"name": "李四", "password": PASSWORD})
        assert (answer.status, "Set-Cookie" in answer.headers) == (409, False)


def test_a_minute_passes(tmp_path: Path) -> None:
    now = [0.0]
    password = Password(tmp_path, clock=lambda: now[0])
    assert not password.known
    assert not password.check(PASSWORD)
    password.set(PASSWORD)
    for now[0] in (1.0, 20.0, 40.0, 61.5, 62.0):
        assert not password.check("falsch-falsch")  # never five within one minute
    assert password.check(PASSWORD)
    now[0] = 63.0
    assert not password.check("falsch-falsch")
    for now[0] in (63.0, 122.9):
        with pytest.raises(TooManyGuessesError):
            password.check(PASSWORD)
    now[0] = 123.0
    assert password.check(PASSWORD)


def test_what_is_kept_is_private_and_slow_to_guess(tmp_path: Path) -> None:
    password = Password(tmp_path)
    with pytest.raises(UserError, match="至少要 10 个字符"):
        password.set("zu-kurz")
    password.set(PASSWORD)
    first = (tmp_path / "console" / "password").read_text(encoding="utf-8")
    password.set(PASSWORD)
    path = tmp_path / "console" / "password"
    assert path.read_text(encoding="utf-8") != first  # salted
    assert PASSWORD not in first
    assert json.loads(first)["n"] >= 2**15
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["password"]
