"""A program in a terminal of its own: keys go in, what the screen was told comes out."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from types import TracebackType

_STEERING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>()][A-Z0-9]?")
PATIENCE = 60.0


class Terminal:
    """Run `esco-graph` with these arguments in a pseudo-terminal."""

    def __init__(self, *args: str, columns: int = 100, rows: int = 40, store: Path, **environment: str) -> None:
        self._main, inner = pty.openpty()
        self._size(columns, rows)
        surroundings = os.environ | {"TERM": "xterm-256color", "ESCO_GRAPH_STORE": str(store)} | environment
        for name in ("ESCO_GRAPH_REVIEWER", "ESCO_GRAPH_ENDPOINT", "COLUMNS", "LINES"):
            surroundings.pop(name, None)
        command = [sys.executable, "-m", "esco_graph", *args]
        self._process = subprocess.Popen(
            command, stdin=inner, stdout=inner, stderr=inner, env=surroundings, start_new_session=True
        )
        os.close(inner)
        self.raw = ""
        self._seen = 0

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._main)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size, and tell the program as a terminal does."""
        self._size(columns, rows)
        self._process.send_signal(signal.SIGWINCH)

    def _size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._main, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._main, keys.encode())

    def wait_for(self, text: str) -> str:
        """Wait until a text is on the screen since the last wait; gives all that was said until then."""
        until = time.monotonic() + PATIENCE
        while text not in self._said():
            assert time.monotonic() < until, f"{text!r} never came:\n{self._said()}"
            if not self._read():
                assert text in self._said(), f"ended before {text!r}:\n{self._said()}"
        said = self._said()
        end = said.index(text) + len(text)
        self._seen += end
        return said[:end]

    def kill(self) -> None:
        """End the program as kill -9 does."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def finish(self) -> tuple[int, str]:
        """Wait for the end; gives the exit code and what was said since the last wait."""
        while self._read():
            pass
        return self._process.wait(PATIENCE), self._said()

    def _said(self) -> str:
        return _STEERING.sub("", self.raw).replace("\r\n", "\n")[self._seen :]

    def _read(self) -> bool:
        if not select.select([self._main], [], [], 1.0)[0]:
            return self._process.poll() is None
        try:
            piece = os.read(self._main, 65536)
        except OSError:  # Linux says EIO when the other side is closed
            return False
        self.raw += piece.decode("utf-8", errors="replace")
        return bool(piece)
