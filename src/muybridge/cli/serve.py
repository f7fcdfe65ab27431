"""`muybridge serve`: server, studio and worker in one command; Ctrl-C stops all of it."""

import gc
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from muybridge import trust, wiring
from muybridge.cli.console import err, out, speaking_errors, start_logging
from muybridge.errors import Invalid, Unavailable
from muybridge.settings import Settings
from muybridge.training import shipped

app = typer.Typer()
WORKER_LOG = "worker.log"


class PortTaken(Unavailable):
    code = "cli.port_taken"


class BadTls(Invalid):
    code = "cli.bad_tls"


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on")] = None,
    workers: Annotated[int | None, typer.Option(min=0, max=64, help="Worker slots beside the server")] = None,
) -> None:
    """Run the server, the studio and a worker, and print one link that logs the owner in."""
    given: dict[str, Any] = {"host": host, "port": port, "workers": workers}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    start_logging(settings.log_level)
    with speaking_errors(), wiring.open_installation(settings) as installation:
        _check_port(settings.host, settings.port)
        _check_tls(settings.tls_certificate, settings.tls_key)
        app_ = wiring.build_app(installation)
        with installation.database.write() as session:
            owner = trust.first_start(session).owner
            token = trust.login_link(session, owner)
        _welcome(installation)
        out.print(f"\nMuybridge is at {settings.base_url}; data in {settings.data_dir.resolve()}")
        out.print(f"Log in once, within 15 minutes: {settings.base_url}/login?token={token}\n")
        with wiring.sealing(installation), _worker_beside(settings):
            _listen(app_, settings)


def _welcome(installation: wiring.Installation) -> None:
    """Let a new owner play at once with what comes with the package; a store that is away does not stop the start."""
    try:
        with installation.database.write() as session:
            shipped.welcome(session, trust.cli_owner(session), installation.store)
    except Unavailable as away:
        err.print(f"The checkpoints that come with Muybridge could not be stored: {away.detail}")


def _listen(app_: Any, settings: Settings) -> None:
    import uvicorn  # the server's own weight; the other commands do without

    # What was loaded so far stays; looking through it again and again took a fifth of a page of the catalogue.
    gc.freeze()
    uvicorn.run(
        app_,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        server_header=False,
        proxy_headers=bool(settings.public_url),
        timeout_graceful_shutdown=3,
    )


@contextmanager
def _worker_beside(settings: Settings) -> Iterator[None]:
    if settings.workers == 0:
        yield
        return
    child = start_worker(settings.data_dir, slots=settings.workers)
    try:
        yield
    finally:
        stop_worker(child)


def start_worker(data_dir: Path, *, slots: int = 1, is_quiet: bool = False) -> subprocess.Popen[bytes]:
    """Start a worker process on a data folder; it ends when this process does. Quiet: it logs to a file there."""
    environment = {**os.environ, "MUYBRIDGE_DATA_DIR": str(data_dir)}
    command = [sys.executable, "-m", "muybridge.cli", "worker", "--slots", str(slots), "--parent", str(os.getpid())]
    # A session of its own: Ctrl-C reaches the server alone, which then stops its worker in order.
    log = (data_dir / WORKER_LOG).open("ab") if is_quiet else None
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stderr=log, start_new_session=True)


def stop_worker(child: subprocess.Popen[bytes], timeout_s: float = 10.0) -> None:
    """Ask a worker to end; kill it when it does not within `timeout_s`. Unfinished jobs are taken up again later."""
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(timeout_s)
    except subprocess.TimeoutExpired:
        err.print("the worker did not stop in time; its job will be taken up again at the next start")
        child.kill()
        child.wait()


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"Cannot listen on {host}:{port}: {error.strerror}.",
                remedy="Stop what listens there, or pass another: --port 8401.",
            ) from error


def _check_tls(certificate: Path | None, key: Path | None) -> None:
    if certificate is None and key is None:
        return
    if certificate is None or key is None:
        raise BadTls(
            "HTTPS needs a certificate and its key, and only one is named.",
            remedy="Set MUYBRIDGE_TLS_CERTIFICATE and MUYBRIDGE_TLS_KEY, or neither.",
        )
    try:
        # An empty password: the server starts without anybody there to type one.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except OSError as error:
        raise BadTls(
            f"HTTPS cannot be served by {certificate} and {key}: {error.strerror or error}.",
            remedy="Name a readable PEM certificate and the private key that belongs to it, without a passphrase.",
        ) from error
