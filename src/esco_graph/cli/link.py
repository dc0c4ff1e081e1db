"""esco-graph link: candidates for titles, phrases and the concepts of another classification."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from esco_graph.cli.link_show import FORMATS, candidates_set, chosen_format, show
from esco_graph.cli.options import embed_option, open_workspace, store_option
from esco_graph.cli.output import say_aside

if TYPE_CHECKING:
    from esco_graph.linking.link import Linked
    from esco_graph.mappings.model import MappingSet

PARTS = {
    "text": ("link_text", "Find the concepts that one phrase or title means."),
    "review": ("link_review", "Accept, reject or change candidates, by keyboard."),
    "compare": ("link_compare", "Compare the decisions of two reviewers."),
}
"""Subcommands: the module that holds a command of the same name, and one line of help."""


class Link(click.Group):
    """A group whose first argument may be a file: then the command `file` runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the subcommands in the order of the work."""
        return list(PARTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one subcommand."""
        if cmd_name == "file":
            return link_file
        if cmd_name not in PARTS:
            return None
        command: click.Command = getattr(import_module(f"esco_graph.cli.{PARTS[cmd_name][0]}"), cmd_name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take whatever is no subcommand as arguments of `file`."""
        if args and args[0] not in PARTS and args[0] not in ctx.help_option_names:
            args = ["file", *args]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show the help of linking a file, then the subcommands."""
        with click.Context(link_file, info_name=ctx.info_name, parent=ctx.parent) as inner:
            link_file.format_help(inner, formatter)
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in PARTS.items()])


@click.group(cls=Link)
def link() -> None:
    """Find the concepts that titles, phrases or another classification mean."""


class _Whole(click.Context):
    """The context of `file`, a name that nobody types: it goes by that of the group."""

    @property
    def command_path(self) -> str:
        """Give what stands before the arguments."""
        return self.parent.command_path if self.parent else super().command_path


class _File(click.Command):
    """The command `file`."""

    context_class = _Whole


@click.command("link", cls=_File)
@click.argument("file", required=False, metavar="[FILE]")
@click.option("--from", "from_", metavar="KEY", help="Link a classification of the graph: rome, onet, skill …")
@click.option("--to", default="esco", show_default=True, metavar="KEY", help="esco, skill or a classification.")
@click.option("-k", "--top", type=click.IntRange(1, 50), default=5, show_default=True, help="Candidates of each title.")
@click.option("--lang", help="Language of the titles (BCP 47). [default: guessed, and said]")
@click.option("--label-column", metavar="NAME|N", help="Column of the titles, by header or number. [guessed]")
@click.option("--id-column", metavar="NAME|N", help="Column of the codes. [guessed]")
@click.option("--alt-column", multiple=True, metavar="NAME|N", help="Column of other titles, repeatable. [guessed]")
@click.option("--description-column", metavar="NAME|N", help="Column of the descriptions. [guessed]")
@click.option("--isco-column", metavar="NAME|N", help="Column of ISCO-08 groups. [guessed]")
@click.option("--taxonomy", metavar="KEY", help="Which classification the codes of FILE are of: kldb, onet, ssyk …")
@embed_option
@click.option("--format", "format_", type=click.Choice(FORMATS), help="Output format. [default: table, or by -o]")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.option("--keep", metavar="NAME", help="Store the candidates as a mapping set, for link review.")
@click.option("--base-iri", envvar="ESCO_GRAPH_BASE_IRI", help="Where IRIs begin that no owner publishes.")
@store_option
def link_file(
    file: str | None,
    from_: str | None,
    to: str,
    top: int,
    lang: str | None,
    taxonomy: str | None,
    embed: str,
    format_: str | None,
    output: Path | None,
    keep: str | None,
    base_iri: str | None,
    store: Path | None,
    **columns: Any,
) -> None:
    """Find the concepts that the titles of FILE mean: CSV, TSV, Excel, JSON, JSON lines, or a title on each line.

    FILE may be - for standard input. The columns are found by their headings, else guessed, and what was taken is said.

    For each title the best candidates are given with a score, a proposed relation and the reasons in words. Words are
    compared with every label and description, in the language of the titles; other titles, descriptions, ISCO groups
    and the codes of neighbours help where the file has them. A relation is a proposal: only a person says that two
    concepts are exactly the same, and a narrower concept is never proposed. A score is a probability only where it
    says confidence. csv, tsv and jsonl are written as they are found, so a file may have any number of titles.

    \b
    Examples:
      esco-graph link titles.txt
      esco-graph link jobs.csv --label-column Titel --lang de --format csv -o candidates.csv
      esco-graph link jobs.csv --keep my-jobs && esco-graph link review my-jobs
      esco-graph link --from rome --to esco -o rome.sssom.tsv
      esco-graph link --to kldb --lang de
      echo "ward nurse" | esco-graph link - --format json
      esco-graph link skills.txt --to skill
    """
    from contextlib import ExitStack

    from esco_graph.cli.link_job import check_source, concepts_job, file_job, linked, linker_of, options_of
    from esco_graph.graph import Graph

    source = check_source(file, from_, to)
    format_ = chosen_format(format_, output)
    with ExitStack() as stack:
        graph = Graph.open(open_workspace(store).path)
        if source:
            named = options_of(columns)
            job = file_job(graph, source, to, named, lang, taxonomy=taxonomy, name=keep or "", stack=stack)
        else:
            job = concepts_job(graph, from_ or "esco", to, lang)
        linker = linker_of(graph, job, k=top, embed=embed)
        tally = Tally()
        found: Iterable[Linked] = tally.counting(linked(linker, job))
        made = None
        if keep or format_ == "sssom":
            found = list(found)
            name = keep or job.source.key
            made = candidates_set(graph, found, job, name, base_iri, vectors=linker.vectors is not None)
        if keep and made:
            from esco_graph.mappings.store import keep as store_set
            from esco_graph.review.decisions import with_decisions

            proposed, made = len(made.mappings), with_decisions(graph, made)
            _say_decided(made, proposed)
            generation = store_set(open_workspace(store), [made], f"link: candidates {made.name}")
            say_aside(f"Stored in generation {generation}; go on with: esco-graph link review {made.name}")
        if format_ != "table" or not keep:
            show(found, format_, output, made)
        if tally.complete:
            say_aside(tally.said())


def _say_decided(made: MappingSet, proposed: int) -> None:
    """Say what earlier decisions did to the candidates, where there are any."""
    by_hand = sum(not row.candidate for row in made.mappings)
    left_out = proposed - (len(made.mappings) - by_hand)
    if by_hand or left_out:
        say_aside(
            f"{by_hand:,} earlier decisions stay in the set; {left_out:,} candidates are left out: their title is "
            "decided, or the pair was rejected."
        )


class Tally:
    """Counts of what was linked."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.titles = self.doubtful = self.without = 0
        self.complete = False  # a table stops before the last title of a long file

    def counting(self, found: Iterable[Linked]) -> Iterator[Linked]:
        """Pass on what is linked, and count it."""
        for one in found:
            self.titles += 1
            self.without += not one.candidates
            self.doubtful += bool(one.candidates) and all(each.relation == "none" for each in one.candidates)
            yield one
        self.complete = True

    def said(self) -> str:
        """Say the counts."""
        good = self.titles - self.doubtful - self.without
        said = f"{self.titles:,} title{'s' * (self.titles != 1)}: {good:,} with a proposed relation, "
        said += f"{self.doubtful:,} with doubtful candidates only, {self.without:,} without."
        return said + " The relation none says: probably no match." * bool(self.doubtful)
