"""Single keys from a terminal, one at a time and none lost, and lines of text between them."""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click

ARROWS = {"[A": "up", "[B": "down", "OA": "up", "OB": "down"}
ENTER, END = "enter", "end"
_PAUSE = 0.05  # seconds within which the rest of a key that sends several bytes arrives


class Keys:
    """The keyboard of a terminal while `opened`; keys that are typed ahead wait their turn."""

    def __init__(self, descriptor: int, resized: int) -> None:
        """Take the file descriptor of a terminal, and one that has bytes when the terminal has got another size."""
        self._descriptor, self._resized = descriptor, resized
        self._usual = termios.tcgetattr(descriptor)

    def read(self) -> str:
        """Wait for a key: a character, "enter", "up", "down", "end" (Ctrl-D, a closed terminal) or "" for another.

        A new size of the terminal counts as another key, so that all is drawn anew.
        """
        if self._resized in select.select([self._descriptor, self._resized], [], [])[0]:
            os.read(self._resized, 1024)
            return ""
        try:
            first = os.read(self._descriptor, 1)
        except OSError:  # the terminal is gone
            return END
        if first in (b"", b"\x04"):
            return END
        if first in (b"\r", b"\n"):
            return ENTER
        if first == b"\x1b":
            return ARROWS.get(self._rest_of_key(), "")
        return self._character(first)

    def ask(self, question: str) -> str:
        """Ask for a line of text; "" when nothing is given, or Ctrl-C or Ctrl-D is pressed."""
        self.usual()
        try:
            return str(click.prompt(question, default="", show_default=False, prompt_suffix=" ")).strip()
        except click.Abort:
            return ""
        finally:
            self.single()

    def single(self) -> None:
        """Let each key arrive at once and unseen; Ctrl-C still interrupts, and what was typed ahead stays."""
        tty.setcbreak(self._descriptor, termios.TCSADRAIN)

    def usual(self) -> None:
        """Give the terminal back as it was."""
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._usual)

    def _rest_of_key(self) -> str:
        rest = b""
        while len(rest) < 8 and select.select([self._descriptor], [], [], _PAUSE)[0]:
            rest += os.read(self._descriptor, 1)
            if (rest[-1:].isalpha() and rest != b"O") or rest[-1:] == b"~":
                break
        return rest.decode("latin-1")

    def _character(self, first: bytes) -> str:
        """Read the other bytes of a character in UTF-8; what is none is no key."""
        more = 3 if first[0] >= 0xF0 else 2 if first[0] >= 0xE0 else 1 if first[0] >= 0xC0 else 0
        for _ in range(more):
            first += os.read(self._descriptor, 1)
        return first.decode("utf-8", errors="ignore")


@contextmanager
def opened() -> Iterator[Keys]:
    """Read single keys from standard input, which must be a terminal, and give it back as it was."""
    resized, tell = os.pipe()
    os.set_blocking(tell, False)
    keys = Keys(sys.stdin.fileno(), resized)
    before = signal.signal(signal.SIGWINCH, lambda *_: _write(tell))
    keys.single()
    try:
        yield keys
    finally:
        keys.usual()
        signal.signal(signal.SIGWINCH, before)
        os.close(resized)
        os.close(tell)


def _write(descriptor: int) -> None:
    with suppress(BlockingIOError):  # it is full, so it tells already
        os.write(descriptor, b"r")
