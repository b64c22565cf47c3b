"""LibreOffice without a window: one running instance a process, with a profile of its own, restarted when it dies.

An instance that has a document open takes further documents from `soffice --convert-to` calls with the same profile;
such a call costs a tenth of a start. It is ended when this process ends, and dies with it where `setpriv` is there.
"""

from __future__ import annotations

import atexit
import os
import resource
import shutil
import subprocess
import threading
import time
from contextlib import suppress
from multiprocessing.util import Finalize
from pathlib import Path
from tempfile import TemporaryDirectory

from extract.records import ReportError

PACKAGE = "libreoffice-writer-nogui"
SECONDS = 30.0  # for a document; the longest report takes under 2
PATIENCE = 25.0  # seconds for a start; a first one builds the profile
MOST_CALLS = 200  # then a fresh instance: its memory grows with every document
MOST_BYTES = 100_000_000
SHORT = 45  # characters of a folder's path: a socket's has at most 107, and its name takes 62
LIMITS = ((resource.RLIMIT_AS, 2_000_000_000), (resource.RLIMIT_FSIZE, 500_000_000), (resource.RLIMIT_CORE, 0))
START_AGAIN = (79, 81)  # exit codes by which LibreOffice asks to be started again (a new profile)
# No macro runs, no link is followed or updated, and what asks for the network gets a closed port
SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Inet/Settings", "ooInetNoProxy", ""),
)

_lock = threading.Lock()
_running: _Instance | None = None


def to_docx(body: bytes, suffix: str) -> bytes:
    """A document in a format that LibreOffice's writer reads (`.doc`, `.rtf`) as DOCX.

    Raises ReportError where LibreOffice is not installed, cannot read the document, or takes more than SECONDS.
    """
    global _running
    program = found()
    if program is None:
        raise ReportError(f"{suffix[1:].upper()} needs LibreOffice", remedy=f"apt-get install {PACKAGE}")
    with _lock:
        if _running is None or _running.owner != os.getpid():  # a fork must not use its parent's
            _running = _Instance(program)
        return _running.convert(body, suffix)


def found() -> Path | None:
    """The program itself: what is called `soffice` is a script that starts it and waits."""
    script = shutil.which("soffice") or shutil.which("libreoffice")
    if script is None:
        return None
    program = Path(script).resolve().with_name("soffice.bin")
    return program if program.exists() else Path(script)


class _Instance:
    """LibreOffice with an empty document open, so that it stays."""

    def __init__(self, program: Path) -> None:
        self.owner = os.getpid()
        self._program = program
        self._folder = TemporaryDirectory(prefix="gongkai-office-")
        self._home = Path(self._folder.name)
        self._process: subprocess.Popen[bytes] | None = None
        self._calls = 0
        (self._home / "keep.rtf").write_text(r"{\rtf1 }")
        _write_settings(self._home / "profile" / "user" / "registrymodifications.xcu")
        atexit.register(self.stop)
        Finalize(None, self.stop, exitpriority=1)  # a worker of multiprocessing leaves `atexit` out

    def convert(self, body: bytes, suffix: str) -> bytes:
        """The document as DOCX; a second time with a fresh instance where the first one died of it."""
        source, made = self._home / f"document{suffix}", self._home / "out" / "document.docx"
        source.write_bytes(body)
        try:
            for _ in range(2):
                self._ready()
                self._ask(source, made.parent)
                if made.exists():
                    if made.stat().st_size > MOST_BYTES:
                        raise ReportError("it converts to too large a document", remedy="check that it is the report")
                    return made.read_bytes()
                if self._alive():
                    break
            raise ReportError(
                "LibreOffice cannot read the document: it is damaged or encrypted",
                remedy="fetch it again, or open and save it in a word processor",
            )
        finally:
            for path in (source, made):
                path.unlink(missing_ok=True)

    def _ask(self, source: Path, folder: Path) -> None:
        """One call, answered by the running instance — or by itself, should that have gone."""
        self._calls += 1
        call = self._start("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder), str(source))
        try:
            call.wait(SECONDS)
        except subprocess.TimeoutExpired:
            _end(call)
            self._end()
            raise ReportError(
                f"LibreOffice took more than {SECONDS:.0f} s", remedy="open and save it in a word processor"
            ) from None

    def _ready(self) -> None:
        if self._calls >= MOST_CALLS:
            self._end()
        if self._alive():
            return
        opened, until = self._home / ".~lock.keep.rtf#", time.monotonic() + PATIENCE
        while time.monotonic() < until:
            opened.unlink(missing_ok=True)
            self._process = self._start("--nodefault", str(self._home / "keep.rtf"))
            while time.monotonic() < until and self._alive():
                if opened.exists():
                    self._calls = 0
                    return
                time.sleep(0.02)
            if self._process.poll() not in START_AGAIN:
                break
        self._end()
        raise ReportError("LibreOffice does not start", remedy=f"check that `soffice --headless` runs ({PACKAGE})")

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        tied = shutil.which("setpriv")
        process = subprocess.Popen(
            [
                *([tied, "--pdeathsig", "KILL"] if tied else []),
                str(self._program),
                f"-env:UserInstallation={(self._home / 'profile').as_uri()}",
                *("--headless", "--norestore", "--nologo", "--nolockcheck"),
                *arguments,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._home,
            env={
                "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
                "HOME": str(self._home),
                "TMPDIR": str(self._home),
                **({"OSL_SOCKET_PATH": str(self._home)} if len(str(self._home)) < SHORT else {}),
                "LANG": "C.UTF-8",
                "SAL_USE_VCLPLUGIN": "svp",
            },
        )
        for limit, most in LIMITS if hasattr(resource, "prlimit") else ():
            with suppress(OSError, ValueError):  # gone already, or under a harder limit
                resource.prlimit(process.pid, limit, (most, most))
        return process

    def _alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _end(self) -> None:
        if self._process is not None:
            _end(self._process)
        self._process = None

    def stop(self) -> None:
        """End it and remove its profile; only the process that started it may."""
        if self.owner == os.getpid():
            self._end()
            self._folder.cleanup()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()  # it removes its socket
    try:
        process.wait(2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _write_settings(path: Path) -> None:
    path.parent.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.{where}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop>'
        "</item>\n"
        for where, name, value in SETTINGS
    )
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
        f"{items}</oor:items>\n"
    )
