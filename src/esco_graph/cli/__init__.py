"""The command line: one file per verb, thin. Nothing heavy is imported before a verb runs."""

from __future__ import annotations

import errno
import io
import os
import sys
from importlib import import_module

import click

from esco_graph import __version__
from esco_graph.errors import EscoGraphError

VERBS = {
    "build": "Build the graph from an ESCO download, or from the sample.",
    "import": "Import occupation pages as profiles.",
    "info": "Say what the graph holds: release, counts, named graphs.",
    "show": "Show an occupation, a skill or a group.",
    "search": "Search the labels.",
    "similar": "Rank occupations by how alike their skills are.",
    "overlap": "Explain what two occupations have in common.",
    "gap": "List the skills that lead from one occupation to another.",
    "next": "Rank what could come next, up, along or down.",
    "paths": "Show the best ways from one occupation to another.",
    "reachable": "List the occupations within an effort.",
    "heatmap": "Compare the occupations of an ISCO group with each other.",
    "person": "Show how the file of a person is understood.",
    "match": "Rank occupations for a person, or for many.",
    "mappings": "Import, check, compare and export mapping sets.",
    "taxonomies": "Load other classifications: ISCO, O*NET, ROME, NACE and others.",
    "translate": "Lead a code of one classification through ESCO to another.",
    "link": "Find the concepts that titles, phrases or another classification mean.",
    "extract": "Find the skills and occupations in a text.",
    "query": "Run a stored query.",
    "sparql": "Run SPARQL of your own.",
    "validate": "Validate the graph, a concept or a file against the shapes.",
    "export": "Write Turtle, JSON-LD and other formats.",
    "history": "List the generations of the graph.",
    "undo": "Go back to the generation before.",
    "prune": "Remove old generations.",
    "demo": "Do all of it once: build, import, validate, answer, export.",
}

MODULES = {"import": "import_page", "undo": "history", "prune": "history"}  # verbs whose module has another name

NEAR = 0.8  # likeness, 0 to 1, from which an option is suggested for another

OPTION_ADVICE = {
    "--with-occupations": "`esco-graph person FILE --with-occupations -o MORE.yaml` makes a file that every verb takes."
}

WRITERS = frozenset({"build", "import", "undo", "prune", "demo"})  # verbs that always write the graph


class Verbs(click.Group):
    """Load a verb's module only when it is used; suggest the nearest verb for a misspelt one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the verbs in the order of the work."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one verb."""
        if cmd_name not in VERBS:
            return None
        module = import_module(f"esco_graph.cli.{MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = getattr(module, "import_page" if cmd_name == "import" else cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest verb when there is none of this name."""
        from difflib import get_close_matches

        if args and args[0] not in VERBS and (near := get_close_matches(args[0], VERBS, 1)):
            ctx.fail(f"no verb {args[0]!r}; did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Turn an error of ours, or of files and text, into one line on stderr and its exit code."""
        if os.environ.get("NO_COLOR"):  # https://no-color.org
            ctx.color = False
        try:
            return super().invoke(ctx)
        except click.NoSuchOption as error:
            raise self._explained(error, ctx) from error
        except EscoGraphError as error:
            click.secho(f"Error: {error}", fg="red", err=True)
            sys.exit(error.exit_code)
        except KeyboardInterrupt:
            kept = " A write that was not finished left the graph as it was." * (ctx.invoked_subcommand in WRITERS)
            click.secho(f"Interrupted.{kept}", err=True)
            sys.exit(130)
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader, such as head, has enough
                sys.stdout = io.StringIO()  # takes what is still flushed at the end
                sys.exit(141)
            where = f"{error.filename}: " if error.filename is not None else ""
            click.secho(f"Error: {where}{error.strerror or error}.", fg="red", err=True)
            sys.exit(2)
        except UnicodeError as error:
            click.secho(f"Error: {_explain(error)}", fg="red", err=True)
            sys.exit(2)

    def _explained(self, error: click.NoSuchOption, ctx: click.Context) -> click.NoSuchOption:
        """Name the verbs that have the option, and of the options that are spelt nearly so only the near ones."""
        from difflib import get_close_matches

        option = error.option_name
        near = get_close_matches(option, error.possibilities or (), 3, NEAR)
        verbs = [name for name in VERBS if self._has(name, option, ctx)]
        said = [f"No such option {option!r}.", OPTION_ADVICE.get(option, "")]
        said.insert(1, f"{', '.join(verbs)} {'has' if len(verbs) == 1 else 'have'} it." if verbs else "")
        return click.NoSuchOption(option, " ".join(filter(None, said)), near, error.ctx)

    def _has(self, verb: str, option: str, ctx: click.Context) -> bool:
        command = self.get_command(ctx, verb)
        return command is not None and any(option in param.opts for param in command.params)


def _explain(error: UnicodeError) -> str:
    """Say which text is not what it should be."""
    if isinstance(error, UnicodeDecodeError):
        return f"the input is not text in {error.encoding}: byte {error.start + 1} does not fit. Convert it to UTF-8."
    if not isinstance(error, UnicodeEncodeError):
        return f"a text cannot be used: {error}."
    wrong = error.object[error.start : error.end]
    if any("\ud800" <= character <= "\udfff" for character in wrong):
        return f"an argument or input holds {wrong[:20]!a}, which is no text in UTF-8. Set the terminal to UTF-8."
    return f"the output's encoding {error.encoding} has no {wrong[:20]!a}. Set PYTHONIOENCODING=utf-8."


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="esco-graph")
def main() -> None:
    """Build, validate, query and export ESCO skills and occupations as a knowledge graph.

    \b
    Examples:
      esco-graph build "ESCO dataset - v1.1.1 - classification - en - csv.zip" \\
                       "ESCO dataset - v1.1.1 - classification -  - csv.zip"
      esco-graph build --sample            # no download: 18 occupations
      esco-graph show 2269.5
      esco-graph similar 2269.5 --level next
      esco-graph gap 2269.5 2269.4 --format json
      esco-graph export 2269.5 --format json-ld -o assistant.jsonld

    \b
    Exit codes: 0 fine, 1 findings, 2 wrong use or unreadable input, 3 endpoint; 130 interrupted.
    Shell completion: eval "$(_ESCO_GRAPH_COMPLETE=bash_source esco-graph)"   (or zsh_source, fish_source)
    """
