"""What a user is told of an interval given by hand that is too long for the model's frequencies."""

from ferronhall.model.schedule import automatic_steps, longest_interval, sampling_steps
from ferronhall.theory.sampling import edge_variance_ratio


def aliasing_warnings(config, model):
    """A line for each interval between samples that lets fast oscillations into the averages.

    config : dict, validated
    model : Model of it; its ω_max is asked for
    returns : list of str, empty where every interval is short enough
    """
    sections = ["time"] + (["balances"] if config["balances"]["enabled"] else [])
    dt, substeps = config["time"]["dt_ps"], config["time"]["substeps"]
    longest, auto = (f(config, model.omega_max) for f in (longest_interval, automatic_steps))
    lines = []
    for section in sections:
        steps = sampling_steps(config, section, model.omega_max)
        if steps * dt < longest:
            continue
        ratio = edge_variance_ratio(model, steps * substeps, substeps)
        way_out = (
            f"auto takes {auto} (every {auto * dt:g} ps)"
            if auto * dt < longest
            else f"lower time.dt_ps below {longest:.2g} ps, and time.substeps with it"
        )
        lines.append(
            f"{section}.sample_every_steps: {steps} (every {steps * dt:g} ps) is too long "
            f"for omega_max = {model.omega_max:.1f} rad/ps: beyond {longest:.3g} ps oscillations "
            "land on zero frequency and stay in the averages. The edge accumulation of P at zero "
            f"field, sampled so, has {ratio:.3g} times the variance that it has when sampled at "
            f"every step; {way_out}"
        )
    return lines
