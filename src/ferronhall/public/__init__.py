"""What a user imports: the names that `import ferronhall` offers, each from its module here.

campaign          a finished campaign, opened: datasets, summary, tables, figures, states
stages            its files, opened when asked for and checked against each other
summary           a table of results as a DataFrame
page              how a campaign shows itself in a notebook
accessor          ds.ferron: edge accumulation, cuts, field-odd parts, a picture of any map
picture           that picture
variables         the page of every variable of the files
settings          what the results of a notebook say of themselves
configuration     a validated configuration, from a file or from keys
material          a material from first-principles data, in one call
steady_state      the theory without noise, of a model
simulation        replicas of a model, without Snakemake
files/            maps and states for ParaView, OVITO and ASE; the model for feram and OpenFerro
command/          the command `ferronhall`: a new campaign, a check, what a campaign found
"""

from ferronhall.public.accessor import FerronAccessor

__all__ = ["FerronAccessor"]
