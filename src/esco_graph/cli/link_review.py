"""esco-graph link review: a person decides on candidates, by keyboard; each decision is kept at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from esco_graph.cli.options import store_option
from esco_graph.cli.output import quoted, say, say_aside

if TYPE_CHECKING:
    from collections.abc import Callable

    from esco_graph.cli.keys import Keys
    from esco_graph.cli.review_source import Source
    from esco_graph.review.decision_log import DecisionLog
    from esco_graph.review.machine import Event, Option, State


@click.command("review")
@click.argument("set_", metavar="SET")
@click.option("--reviewer", envvar="ESCO_GRAPH_REVIEWER", help="Your ORCID or name. [env: ESCO_GRAPH_REVIEWER]")
@click.option("--log", "log_", type=click.Path(path_type=Path, dir_okay=False), help="File of your decisions.")
@click.option("--as", "as_", metavar="NAME", help="Write the result as another set. [default: SET itself]")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="For a file: where to write.")
@click.option("--publish", is_flag=True, help="Write what is decided so far, without a review.")
@click.option("--again", multiple=True, metavar="CONCEPT", help="Ask again for this source concept (code, IRI, label).")
@click.option("--auto-accept", is_flag=True, help="Take what is related with --precision; no review.")
@click.option(
    "--precision",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.9,
    show_default=True,
    help="Share of right pairs that --auto-accept must be able to promise.",
)
@click.option("--lang", help="Language of searches and descriptions (BCP 47). [default: that of the candidates]")
@store_option
def review(
    set_: str,
    reviewer: str | None,
    log_: Path | None,
    as_: str | None,
    output: Path | None,
    publish: bool,
    again: tuple[str, ...],
    auto_accept: bool,
    precision: float,
    lang: str | None,
    store: Path | None,
) -> None:
    """Review the candidates of SET: a set that `link --keep` stored, or an SSSOM file.

    One source concept after another is shown with its candidates. Keys: 1-9 choose; e c b n r say exact, close, broad,
    narrow, related; a accepts what is proposed; x none of these; s searches; t notes; u undoes; k skips; q quits; ?
    explains. Every decision is on the disk before the next concept is shown, so the same command goes on where you
    stopped. When all is answered the set is written anew; --publish does it before.

    \b
    Examples:
      esco-graph link jobs.csv --keep my-jobs
      esco-graph link review my-jobs --reviewer 0000-0002-1825-0097
      esco-graph link review my-jobs --publish
      esco-graph link review candidates.sssom.tsv -o reviewed.sssom.tsv
      esco-graph link review my-jobs --auto-accept --precision 0.9
    """
    from esco_graph.cli.review_source import source_of

    source = source_of(set_, store=store, name=as_, output=output, lang=lang)
    if auto_accept:
        _accept_at(source, precision)
        return
    path = log_ or source.log
    if publish:
        _publish_only(source, path)
        return
    _sit(source, path, _reviewer(path, reviewer), again)


def _reviewer(path: Path, given: str | None) -> str:
    """Take the reviewer that is given, else the one who began the log, else ask; a terminal must be there."""
    from esco_graph.review.decision_log import reviewer_of
    from esco_graph.review.reviewer import reviewer_named

    _check_terminal()
    if given:
        return reviewer_named(given)
    known = reviewer_of(path)
    return known or reviewer_named(click.prompt("Your ORCID or name, which goes with each decision"))


def _check_terminal() -> None:
    import sys

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            "a review asks for keys, so it needs a terminal on input and output. Run it in one; or write what is "
            "decided so far with --publish; or take pairs above a measured precision with --auto-accept."
        )


def _sit(source: Source, path: Path, reviewer: str, again: tuple[str, ...]) -> None:
    """Hold one sitting."""
    from esco_graph.review.decision_log import opened
    from esco_graph.review.decisions import answers_of, tasks_of
    from esco_graph.review.machine import reopen, resume, start

    with opened(path, name=source.name, reviewer=reviewer) as log:
        state = resume(start(tasks_of(source.set), answers_of(source.set)), log.records)
        state = _ask_all(reopen(state, again), source, log)
        if state.left == 0:
            _publish(source, log)
        else:
            say(f"{state.done:,} answered, {state.left:,} open. Every decision is kept in {quoted(path)}.")
            say("The same command goes on; --publish writes what is decided.")


def _ask_all(state: State, source: Source, log: DecisionLog) -> State:
    """Show, wait for a key, step, keep; until the person quits."""
    from esco_graph.cli.keys import END, opened
    from esco_graph.cli.review_screen import show_help, show_state

    with opened() as keys:
        while True:
            show_state(state, source.facts(state), f"{source.set.name}, {log.reviewer}")
            try:
                key = keys.read()
                if key in (END, "q") or (key == "enter" and state.task is None):
                    return state
                if key == "?":
                    show_help()
                    keys.read()
                    continue
                event = _event(key, state, keys, source.search, log.reviewer)
            except KeyboardInterrupt:
                return state
            if event is not None:
                state = _kept(state, event, log)


def _kept(state: State, event: Event, log: DecisionLog) -> State:
    """Step, and write what changed before anything else happens."""
    from esco_graph.review.machine import step

    state = step(state, event)
    if state.record is not None:
        log.append(state.record)
    return state


def _event(
    key: str, state: State, keys: Keys, search: Callable[[str], tuple[Option, ...]], reviewer: str
) -> Event | None:
    """Turn a key into an event; None when it is none."""
    from esco_graph.review.machine import Event

    when = datetime.now(UTC).isoformat(timespec="seconds")
    if key.isdigit() and key.isascii():
        return Event("choose", number=int(key))
    if key in ("up", "down"):
        return Event("choose", number=state.chosen + (2 if key == "down" else 0))
    if key == "s":
        words = keys.ask("Search for:")
        return Event("find", text=words, options=search(words) if words else ())
    if key == "t":
        words = keys.ask("Note:")
        return Event("note", text=words, when=when, by=reviewer) if words else None
    kind, relation = _MEANINGS.get(key.lower(), ("", ""))
    if not kind or (key.isupper() and kind not in ("relate", "reject")):
        return None
    return Event(kind, relation=relation, stay=key.isupper(), when=when, by=reviewer)


_MEANINGS = {
    "e": ("relate", "exact"),
    "c": ("relate", "close"),
    "b": ("relate", "broad"),
    "n": ("relate", "narrow"),
    "r": ("relate", "related"),
    "a": ("accept", ""),
    "x": ("reject", ""),
    "u": ("undo", ""),
    "k": ("skip", ""),
    "enter": ("next", ""),
}
"""Keys: the kind of event, and the relation that it is about."""


def _accept_at(source: Source, precision: float) -> None:
    """Take what is related with the precision asked for, and say on what that rests."""
    from esco_graph.review.auto_accept import accept, tables_for

    done = accept(source.set, tables_for(source.set), precision)
    found, gold = done.support, done.support.table
    say(
        f"Threshold: confidence {found.threshold:g}. At and above it {found.precision:.3f} of {found.taken:,} pairs "
        f"were related ({found.low:.3f} to {found.high:.3f}, 95 % interval by Wilson)."
    )
    say(f"Measured on {gold.gold} ({gold.version}), language {gold.lang}, {gold.kind}s, best candidate of each;")
    say("a list of another kind than that gold may do worse.")
    if not done.taken:
        say("No candidate reaches it; nothing is written.")
        return
    say(f"{done.taken:,} of {done.asked:,} open concepts are taken as related, and written: {source.write(done.set)}")
    say(f"Which relation it is stays open, for a person: esco-graph link review {source.result}")


def _publish_only(source: Source, path: Path) -> None:
    from esco_graph.errors import NotFoundError
    from esco_graph.review.decision_log import opened

    if not path.exists():
        raise NotFoundError("nothing was decided on this set", where=str(path), advice="Review it first.")
    with opened(path, name=source.name) as log:
        _publish(source, log)


def _publish(source: Source, log: DecisionLog) -> None:
    """Write the set, as it is now, with what the log says; the log notes it where the set itself is written."""
    from esco_graph.review.decisions import answers_of, reviewed, tasks_of
    from esco_graph.review.machine import resume, start

    changed = {record.subject for record in log.records}
    if not changed:
        say_aside("Nothing was decided since the set was last written.")
        return
    found = source.latest()
    state = resume(start(tasks_of(found), answers_of(found)), log.records)
    answers = [answer for subject, answer in sorted(state.answers.items()) if subject in changed]
    said = source.write(reviewed(found, answers))
    if source.in_place:
        log.published(datetime.now(UTC).isoformat(timespec="seconds"))
    verdicts = [verdict for answer in answers for verdict in answer.verdicts]
    no = sum(verdict.rejected for verdict in verdicts)
    yes = len(verdicts) - no
    counted = f"{yes:,} mapping{'s' * (yes != 1)} and {no:,} rejection{'s' * (no != 1)}"
    say(f"{counted} of {log.reviewer} are written: {said}")
