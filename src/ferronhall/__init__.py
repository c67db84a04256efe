"""Ferron Hall effect: stochastic soft-mode dynamics of a ferroelectric slab in a magnetic field.

Data flow one way, through eight rooms; each names its modules:

    base        errors, units, files, provenance, digests, paths: no physics
    model       what the equation of motion is
    engine      what advances it
    theory      what it does without noise
    analysis    what trajectories and theory say together
    campaign    what a user asks for: configuration, cost, scans
    crystals    where a material comes from
    results     tables and figures

    base ← model ← {engine, theory, crystals}
    {engine, theory} ← {analysis, campaign};  {analysis, crystals} ← results
"""
