"""The site: Datasette on db/site with the database of one data folder."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import uvicorn
from datasette.app import Datasette

from db.build import NAME

SITE = Path(__file__).parent / "site"
HOST = "127.0.0.1"


def site(data: Path) -> Datasette:
    """The Datasette of a data folder. Raises FileNotFoundError where nothing was built yet."""
    database = Path(data) / NAME
    if not database.exists():
        raise FileNotFoundError(f"{database}: no database — run `gongkai build` first")
    return Datasette([str(database)], config_dir=SITE)


def serve(data: Path, port: int = 8001) -> None:
    """Serves until Ctrl-C. When a build has renamed a new database into place, that one is opened."""
    site(data)  # says what is missing before anything is announced
    _free(port)
    print(f"http://{HOST}:{port}/  (Ctrl-C stops)", flush=True)
    while True:
        opened = (Path(data) / NAME).stat().st_ino
        server = uvicorn.Server(
            uvicorn.Config(site(data).app(), host=HOST, port=port, log_level="warning", lifespan="on")
        )
        replaced = threading.Event()
        stop = threading.Event()
        watch = threading.Thread(target=_watch, args=(Path(data) / NAME, opened, server, replaced, stop), daemon=True)
        watch.start()
        try:
            server.run()
        except KeyboardInterrupt:
            return
        finally:
            stop.set()
        if not replaced.is_set():
            return


def _free(port: int) -> None:
    """Raises OSError where the port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise OSError(f"port {port} of {HOST} is taken — choose another with --port") from error


def _watch(
    database: Path, opened: int, server: uvicorn.Server, replaced: threading.Event, stop: threading.Event
) -> None:
    """A build renames a new file into place; open connections would show the old one for ever."""
    while not stop.wait(1.0):
        if database.exists() and database.stat().st_ino != opened:
            replaced.set()
            server.should_exit = True
            return
