"""What the data say against themselves: starts not forgotten, doubtful twins, foreign code."""

from ferronhall.analysis.comparison import doubtful_twins
from ferronhall.analysis.equilibration import verdict
from ferronhall.model.mirrors import Mirrors
from ferronhall.model.response_maps import RESPONSE_MAPS


def findings(ensemble, comparison, aliasing=(), accepted=""):
    """Lines about the data, each with whether it is a warning.

    ensemble, comparison : xarray.Dataset; None without a theory to compare with
    aliasing : sequence of str
        Warnings of intervals between samples that are too long.
    accepted : str
        Other code that was accepted in the data, in words.
    returns : list of (bool, str)
    """
    found = [*_equilibration(ensemble), *((True, line) for line in aliasing)]
    if not aliasing:
        found.append((False, "Sampling: every interval is short enough for the highest frequency."))
    found += _twins(comparison)
    if comparison is not None and "turns" in comparison.attrs:
        found.append((True, f"Theory: {comparison.attrs['turns']}."))
    if "errors" in ensemble.attrs:
        found.append(
            (
                False,
                f"Disorder: errors are {ensemble.attrs['errors']}; what is called theory is that "
                "of the average crystal.",
            )
        )
    if accepted:
        found.append((True, f"Of other code, accepted as it is: {accepted}."))
    return found


def _equilibration(ensemble):
    mirrors, by_verdict = Mirrors.of_dataset(ensemble), {}
    for key, response in RESPONSE_MAPS.items():
        if response.accumulates(mirrors):
            said = verdict(float(ensemble[f"edge_{key}_drift"]))
            by_verdict.setdefault(said, []).append(response.title)
    if drifting := by_verdict.get("drifts"):
        yield (
            True,
            f"Equilibration: {', '.join(drifting)} at the edges changes from the first half of the "
            "trajectories to the second; raise time.t_equil_ps.",
        )
    if unknown := by_verdict.get("cannot tell"):
        yield (
            True,
            f"Equilibration: too few independent blocks to tell whether {', '.join(unknown)} has "
            "forgotten the start; raise time.t_max_ps or ensemble.replicas.",
        )
    if set(by_verdict) == {"equilibrated"}:
        yield False, "Equilibration: no edge accumulation drifts."


def _twins(comparison):
    if comparison is None:
        yield False, "Theory: none of these domains, which are no layers at rest along y."
        return
    if "twin_probability" not in comparison:
        return
    if doubtful := [RESPONSE_MAPS[key].title for key in doubtful_twins(comparison)]:
        yield (
            True,
            f"Twins: the harmonic twins of {', '.join(doubtful)} miss their exact averages by more "
            "than chance leaves in one case of a thousand, see tables/twin.",
        )
    else:
        yield False, "Twins: every map of the harmonic twins has its exact average."
