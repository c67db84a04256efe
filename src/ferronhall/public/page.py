"""How a campaign shows itself: what was asked, what came out, what is there."""

from html import escape
from typing import TYPE_CHECKING

from ferronhall.base.errors import DataFileError
from ferronhall.public.stages import STAGES
from ferronhall.results.page import headline

if TYPE_CHECKING:
    from ferronhall.public.campaign import Campaign

__all__ = ["html", "text"]


def text(campaign: "Campaign") -> str:
    """A campaign in lines of plain text."""
    asked, results = _contents(campaign)
    lines = [f"Campaign {campaign.folder.name}: {asked}"]
    lines += [f"  {name}: {value}" for name, value in results]
    lines.append(f"  stages: {', '.join(campaign.stages)}")
    return "\n".join(lines)


def html(campaign: "Campaign") -> str:
    """A campaign as HTML, for a notebook."""
    there = set(campaign.stages)
    stages = "".join(
        f"<tr><td><code>{stage}</code></td><td>{escape(meaning)}</td>"
        f"<td>{'there' if stage in there else '–'}</td></tr>"
        for stage, meaning in STAGES.items()
    )
    asked, found = _contents(campaign)
    results = "".join(
        f"<tr><td>{escape(name)}</td><td>{escape(value)}</td></tr>" for name, value in found
    )
    shown = f"<table><tr><th>edge accumulation</th><th>value</th></tr>{results}</table>"
    return (
        f"<h4>Campaign {escape(campaign.folder.name)}</h4><p>{escape(asked)}</p>"
        f"{shown if results else ''}"
        f"<details><summary>{len(there)} stages</summary><table>{stages}</table></details>"
    )


def _contents(campaign: "Campaign") -> tuple[str, list[tuple[str, str]]]:
    """What was asked and what came out; what is wrong with a file in place of both."""
    try:
        return _asked(campaign), _results(campaign)
    except DataFileError as error:
        return str(error), []


def _asked(campaign: "Campaign") -> str:
    if "parameters" not in campaign.stages:
        return "no parameters yet"
    ensemble = campaign.ensemble if "ensemble" in campaign.stages else None
    return headline.asked(campaign.parameters, campaign.model.material.name, ensemble)


def _results(campaign: "Campaign") -> list[tuple[str, str]]:
    """Edge accumulations with standard errors, of the simulation or else of the theory."""
    stage = next((s for s in ("ensemble", "theory") if s in campaign.stages), None)
    return [] if stage is None else headline.edge_accumulations(getattr(campaign, stage))
