"""A time-stamping authority (RFC 3161) on this machine: ``openssl ts`` behind a real HTTP server."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.support.debian import install

_CONFIG = """[tsa]
serial = serial
default_policy = 1.2.3.4.1
digests = {digests}
signer_digest = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Owner:
    """Somebody with a key, and the certificate that says so."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def new(
        cls,
        name: str,
        issuer: Owner | None = None,
        *,
        years: tuple[int, int] = (-1, 1),
        use: x509.ObjectIdentifier | None = None,
    ) -> Owner:
        """A root, one that a root vouches for, or with a ``use`` the one who signs.

        Args:
            name: its common name.
            issuer: who vouches; none: it does itself.
            years: from when until when it is valid, counted from now.
            use: what it may sign; none: other certificates.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        start, end = (datetime.now(UTC) + timedelta(days=365 * one) for one in years)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=use is None, path_length=None), critical=True)
        )
        if use:
            builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=True)
        return cls(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)

    @property
    def pem(self) -> bytes:
        """Its certificate."""
        return self.certificate.public_bytes(Encoding.PEM)


class Authority:
    """Answers requests by ``openssl ts -reply``.

    Args:
        folder: where it keeps its files.
        name: as its certificates call it.
        use: what its certificate is for.
        digests: the hashes that it takes; it refuses others.
        years: from when until when the signer's certificate is valid, counted from now.
    """

    def __init__(
        self,
        folder: Path,
        name: str = "测试时间戳机构",
        *,
        use: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING,
        digests: str = "sha256",
        years: tuple[int, int] = (-1, 1),
    ) -> None:
        if not shutil.which("openssl"):
            install("openssl")
        if not shutil.which("openssl"):
            raise RuntimeError("these tests need the command openssl: apt-get install openssl")
        folder.mkdir(parents=True)
        self.folder = folder
        self.root = Owner.new(f"{name} 根", years=(-30, 30))
        middle = Owner.new(f"{name} 中间", self.root, years=(-20, 20))
        self.signer = Owner.new(name, middle, years=years, use=use)
        key = self.signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        files = {
            "root.pem": self.root.pem,
            "middle.pem": middle.pem,
            "signer.pem": self.signer.pem,
            "signer.key": key,
            "serial": b"01\n",
            "tsa.cnf": _CONFIG.format(digests=digests).encode(),
        }
        for file, content in files.items():
            (folder / file).write_bytes(content)
        self._one_by_one = threading.Lock()

    @property
    def roots(self) -> Path:
        """The PEM file of whoever trusts it."""
        return self.folder / "root.pem"

    def answer(self, request: bytes) -> bytes:
        """Its answer to a request: a token, or a refusal. The whole chain comes with a token."""
        with self._one_by_one:
            (self.folder / "request.tsq").write_bytes(request)
            words = "-config tsa.cnf -section tsa -signer signer.pem -inkey signer.key -chain middle.pem"
            self.openssl(f"ts -reply -queryfile request.tsq {words} -out answer.tsr")
            return (self.folder / "answer.tsr").read_bytes()

    def dated(self, answer: bytes, at: datetime) -> bytes:
        """An answer as the authority would have given it at another time (UTC)."""
        (self.folder / "now.tsr").write_bytes(answer)
        self.openssl("ts -reply -in now.tsr -token_out -out now.token")
        self.openssl("cms -verify -noverify -inform DER -in now.token -out now.info")
        info = (self.folder / "now.info").read_bytes()
        # A GeneralizedTime of 15 characters; its first two bytes alone may stand in a hash as well.
        then, found = re.subn(rb"(?<=\x18\x0f)\d{14}Z", f"{at:%Y%m%d%H%M%SZ}".encode(), info)
        assert found == 1
        (self.folder / "then.info").write_bytes(then)
        kind = "-econtent_type 1.2.840.113549.1.9.16.1.4 -cades -md sha256 -binary -nodetach -nosmimecap"
        signer = "-signer signer.pem -inkey signer.key -certfile middle.pem"
        self.openssl(f"cms -sign {kind} {signer} -in then.info -outform DER -out then.token")
        self.openssl("ts -reply -in then.token -token_in -out then.tsr")
        return (self.folder / "then.tsr").read_bytes()

    def openssl(self, words: str) -> str:
        """Run ``openssl`` in the authority's folder; returns what it says."""
        return subprocess.run(
            ["openssl", *words.split()], cwd=self.folder, check=True, capture_output=True, text=True
        ).stdout


class Server(ThreadingHTTPServer):
    """An authority's place in the network, and what may be wrong with it."""

    daemon_threads = True

    def __init__(self, authority: Authority) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.authority = authority
        self.asked = 0
        self.was_asked = threading.Event()
        self.trouble = ""
        """``silent``, ``large``, ``500``, ``302``, ``page``, ``replay``; empty: none."""
        self.first = b""
        """The first answer that was given."""
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}/tsa"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        server = self.server
        request = self.rfile.read(int(self.headers["Content-Length"]))
        server.asked += 1
        server.was_asked.set()
        answer = server.authority.answer(request)
        server.first = server.first or answer
        match server.trouble:
            case "silent":
                server.closing.wait()
            case "large":
                self._send(200, answer + bytes(10_000_000))
            case "500" | "302" as status:
                self._send(int(status), b"out of order")
            case "page":
                self._send(200, b"<html>welcome</html>")
            case "replay":
                self._send(200, server.first)
            case _:
                self._send(200, answer)

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Location", self.server.url)
        self.end_headers()
        try:
            self.wfile.write(content)
        except ConnectionError:  # whoever asked has had enough
            self.close_connection = True

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the base class calls it so
        """Say nothing."""


@contextmanager
def serving(authority: Authority) -> Iterator[Server]:
    """An authority that can be asked over HTTP."""
    with Server(authority) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """One for all tests: its keys take long."""
    return Authority(tmp_path_factory.mktemp("tsa") / "机构")
