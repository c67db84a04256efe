"""The command `ferronhall`, by its first word.

new_campaign   a folder in which `snakemake` runs a campaign away from a clone
check          what a configuration would be refused or warned for, without running it
show           a campaign's results in the terminal
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version

from ferronhall.base.errors import FerronHallError

__all__ = ["main"]

_COMMANDS = {
    "new": ("public.command.new_campaign", "make a folder in which a campaign of your own runs"),
    "check": ("public.command.check", "check a configuration and its model; nothing runs"),
    "open": ("public.command.show", "print what a campaign found"),
    "material": ("crystals.phonons.material_file", "make a material of first-principles data"),
    "structures": ("crystals.second_order.structures", "write displaced structures to compute"),
    "density": ("crystals.second_order.density_data", "reduce densities to their polar parts"),
}
"""First word → the module whose `main` does it, and what that is."""

_REFUSED = {
    "new": "No campaign was begun.",
    "check": "The configuration cannot be used.",
    "open": "The campaign cannot be opened.",
}
"""First line of a message; the other commands have their own."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status.

    arguments : words of the command line, by default those of this process
    """
    listed = "\n".join(f"  {name:12}{what}" for name, (_, what) in _COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="ferronhall",
        description="The ferron Hall effect as a campaign.",
        epilog=f"commands:\n{listed}\n\n`ferronhall COMMAND --help` tells the rest of each.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action="version", version=f"ferronhall {version('ferronhall')}"
    )
    parser.add_argument("command", choices=_COMMANDS, metavar="COMMAND", help="one of those below")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...", help="its own")
    options = parser.parse_args(arguments)
    # each loads what it needs when it is asked for
    module = import_module(f"ferronhall.{_COMMANDS[options.command][0]}")
    return _run(module.main, options.command, options.arguments)


def _run(command: Callable[..., int], name: str, arguments: Sequence[str]) -> int:
    try:
        status = command(arguments, prog=f"ferronhall {name}")
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # whoever reads, like head, has enough; Python would complain once more when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except FerronHallError as error:
        print(f"{_REFUSED[name]}\n{error}", file=sys.stderr)
        return 1
