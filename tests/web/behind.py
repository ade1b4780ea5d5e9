"""The web part as a process of its own, and what stands behind it, made up."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).parents[2]
WITHIN_S = 5.0


class Behind:
    """What stands behind the web part."""

    def __init__(self) -> None:
        self.next_piece = asyncio.Event()
        self.viewer_left = asyncio.Event()
        self.cookies: list[str] = []
        self.callers: list[str] = []
        self.phone_left = asyncio.Event()
        self._runners: list[web.AppRunner] = []

    async def start(self) -> tuple[str, str]:
        live, asterisk = web.Application(), web.Application()
        live.router.add_get("/live/wallboard", self.wallboard)
        live.router.add_get("/live/gone", self.unauthorised)
        asterisk.router.add_get("/ws", self.telephone)
        return await self._serve(live), await self._serve(asterisk)

    async def _serve(self, application: web.Application) -> str:
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        self._runners.append(runner)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def stop(self) -> None:
        for runner in self._runners:
            await runner.cleanup()

    async def wallboard(self, request: web.Request) -> web.StreamResponse:
        self.cookies.append(request.headers.get("Cookie", ""))
        answer = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await answer.prepare(request)
        await answer.write(f"data: {request.query_string}\n\n".encode())
        await self.next_piece.wait()
        try:
            await answer.write(b"data: second\n\n")
            while True:
                await answer.write(b": still here\n\n")
                await asyncio.sleep(0.05)
        except (ConnectionError, asyncio.CancelledError):
            self.viewer_left.set()
            raise

    async def unauthorised(self, _request: web.Request) -> web.Response:
        return web.Response(status=401)

    async def telephone(self, request: web.Request) -> web.WebSocketResponse:
        self.callers.append(request.remote or "")
        line = web.WebSocketResponse(protocols=("sip",))
        await line.prepare(request)
        async for message in line:
            if message.data == "BYE":
                break
            await line.send_str(f"heard {message.data}")
        self.phone_left.set()
        return line


class Server:
    """The web part as a process."""

    def __init__(self, live: str, telephone: str, *, tls: tuple[Path, Path] | None = None) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        secure = ("--ssl-certificate", str(tls[0]), "--ssl-keyfile", str(tls[1])) if tls else ()
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "asgi", "--loop", "uvloop"),
                *("--host", "127.0.0.1", "--port", str(self.port), "--no-log"),
                *secure,
                "tests.web.served:application",
            ],
            cwd=ROOT,
            env={**os.environ, "LIVE": live, "TELEPHONE": telephone, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )

    def kill(self) -> None:
        """With its workers, which outlive it otherwise and keep the port."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    async def until_up(self, http: aiohttp.ClientSession) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                async with http.get(self.url, ssl=False) as answer:
                    assert await answer.text() == "hello"
                    return
            except aiohttp.ClientConnectionError:
                assert time.monotonic() < deadline, "the server does not come up"
                await asyncio.sleep(0.05)


def certificate(folder: Path) -> tuple[Path, Path]:
    """One of our own for this machine: chain and key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return chain, secret
