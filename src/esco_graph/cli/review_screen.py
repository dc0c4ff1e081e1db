"""One source concept and its candidates on the screen: any width, any script, with or without colours."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from esco_graph.review.facts import Facts
from esco_graph.review.machine import FOUND, NONE, UNDECIDED, Option, State
from esco_graph.sparql import printable
from esco_graph.terms import compress

if TYPE_CHECKING:
    from rich.text import Text

NARROW = 20  # columns; less than this nobody has
SHORT = 3  # lines of a description
MOST = 3  # detail with which the reasons of all candidates are shown
_PROPOSALS = {UNDECIDED: "some relation", NONE: "not related", FOUND: "found by your words"}
KEYS = (
    ("1-9", "choose"),
    ("e", "exact"),
    ("c", "close"),
    ("b", "broad"),
    ("n", "narrow"),
    ("r", "related"),
    ("a", "as proposed"),
    ("x", "none of these"),
    ("s", "search"),
    ("t", "note"),
    ("u", "undo"),
    ("k", "skip"),
    ("q", "quit"),
    ("?", "help"),
)
HELP = """\
A relation is read from the concept at the top to the candidate:
b (broad) says that the candidate is the broader of the two.

1-9, arrows   choose a candidate; the first is chosen at the start
e c b n r     the chosen one is exact, close, broad, narrow, related; on to the next concept
E C B N R     the same, but stay: the concept has more than one match
a             accept the relation that is proposed (an exact one needs e)
x             none of these: all that were proposed and of which nothing is said are rejected
X             reject the chosen candidate only, and stay
Enter         done with this concept
s             search for another concept by words; no words show again what was proposed
t             write a note; it goes with the decisions on this concept
u             undo, step by step
k             skip; skipped concepts come again at the end
q, Ctrl-D     quit; every decision is kept, the same command goes on

Press any key.
"""


def show_state(state: State, facts: Mapping[str, Facts], title: str) -> None:
    """Clear the screen and show the task, or that none is left."""
    columns, rows = shutil.get_terminal_size()
    width = max(columns, NARROW)
    for detail in range(MOST, -1, -1):
        lines = _drawn(_lines(state, facts, title, detail, width), width)
        if len(lines) < rows:
            break
    _clear(width)
    click.echo("\n".join(lines))


def show_help() -> None:
    """Clear the screen and explain the keys."""
    columns = max(shutil.get_terminal_size().columns, NARROW)
    _clear(columns)
    click.echo("\n".join(_drawn([_text(HELP)], columns)))


def _clear(width: int) -> None:
    if os.environ.get("TERM", "dumb") == "dumb":
        click.echo("-" * (width - 1))
    else:
        click.clear()


def _drawn(texts: list[Text], width: int) -> list[str]:
    """Fold the texts to the width of the terminal, in cells: a wide character takes two; what follows is indented."""
    from rich.console import Console
    from rich.padding import Padding

    console = Console(width=width, height=1, highlight=False)  # with both it looks at no terminal of its own
    with console.capture() as printed:
        for text in texts:
            indent = min(len(text.plain) - len(text.plain.lstrip(" >")), width // 2)
            pieces = text.wrap(console, width - indent, overflow="fold") if indent else [text]
            console.print(pieces[0], overflow="fold")
            for piece in pieces[1:]:
                piece.rstrip()
                console.print(Padding(piece, (0, 0, 0, indent), expand=False), overflow="fold")
    return [line.rstrip() for line in printed.get().rstrip("\n").split("\n")]


def _text(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(text, style)


def _lines(state: State, facts: Mapping[str, Facts], title: str, detail: int, width: int) -> list[Text]:
    """Write the screen; with less detail first the reasons of candidates that are not chosen go, then descriptions."""
    head = _text(f"{title}: {state.done:,} of {len(state.tasks):,} answered", "dim")
    if state.task is None:
        end = f"All {len(state.tasks):,} concepts are answered. q ends and writes them, u undoes."
        return [head, _text(""), _text(end, "bold"), *_message(state)]
    task, about = state.task, facts.get(state.task.subject, Facts())
    name = _spaced(task.code or about.code, _said(task.label or about.label) or compress(task.subject))
    lines = [head, _text(""), _text(name, "bold")]
    lines += _description(task.description or about.description, SHORT if detail > 1 else 1, "  ")
    lines.append(_text(""))
    for at, option in enumerate(state.options):
        lines += _option(state, at, option, facts.get(option.iri, Facts()), detail)
    if not state.options:
        lines.append(_text("  No candidates. s searches for one.", "yellow"))
    if state.answer.note:
        lines += [_text(""), _text(f"note: {_said(state.answer.note)}", "italic")]
    return [*lines, _text(""), *_keys(detail, width), *_message(state)]


def _option(state: State, at: int, option: Option, about: Facts, detail: int) -> list[Text]:
    chosen = at == state.chosen
    verdict = next((one for one in state.answer.verdicts if one.object == option.iri), None)
    said = "" if verdict is None else " [rejected]" if verdict.rejected else f" [{verdict.relation}]"
    label = _said(option.label or about.label) or compress(option.iri)
    name = _spaced(f"{'>' if chosen else ' '} {at + 1}", label, option.code or about.code)
    head = _text(name, "bold cyan" if chosen else "").append(said, "green")
    if not (chosen or detail > 1):
        return [head.append(f"  {_proposal(option, short=True)}", "dim")]
    lines = [head, _text(f"    {_proposal(option)}", "" if chosen else "dim")]
    if chosen or detail == MOST:
        lines += [_text(f"    {_said(reason)}", "dim") for reason in option.reasons]
    if chosen and detail > 1:
        lines += _description(option.description or about.description, SHORT, "    ")
    return lines


def _proposal(option: Option, *, short: bool = False) -> str:
    """Say what was proposed and with which numbers; `short` says no score where there is a confidence."""
    score = None if short and option.confidence is not None else option.score
    numbers = (("confidence", option.confidence), ("score", score))
    said = [f"{name} {value:.2f}" for name, value in numbers if value is not None]
    return ", ".join([_PROPOSALS.get(option.relation, option.relation), *said])


def _description(text: str, most: int, indent: str) -> list[Text]:
    """Cut a description to so many lines of a usual terminal."""
    text = _said(" ".join(text.split()))
    room = most * max(min(shutil.get_terminal_size().columns, 100) - 2, NARROW)
    if not text:
        return []
    return [_text(f"{indent}{text if len(text) <= room else text[: room - 1] + '…'}", "dim")]


def _keys(detail: int, width: int) -> list[Text]:
    """Lay the keys out so that none is parted from what it does; without detail only the keys."""
    lines, room = [_text("")], 0
    for key, what in KEYS:
        entry = f"{key} {what}" if detail else key
        if room and room + len(entry) > width:
            lines.append(_text(""))
            room = 0
        lines[-1].append(key, "bold").append(f"{entry[len(key) :]}  ")
        room += len(entry) + 2
    return lines


def _message(state: State) -> list[Text]:
    return [_text(_said(state.message), "yellow")] if state.message else []


def _spaced(*parts: str) -> str:
    return "  ".join(_said(part) for part in parts if part)


def _said(text: str) -> str:
    """Write a text of a file without what would steer the terminal."""
    return printable(text)
