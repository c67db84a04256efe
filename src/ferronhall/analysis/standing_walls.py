"""Whether the walls of a run stand where they stood: the sign of ⟨u_x⟩ in every block of time.

A wall that moved, bent or vanished divides other domains, so that an average over its replica, or
its field-odd part, would mix them. Such replicas are left out as a whole and reported.
"""

from ferronhall.analysis.samples import read_replicas
from ferronhall.base.errors import DataFileError


def with_walls_in_place(model, trajectories):
    """The replicas whose walls stood in every column, block and field, and the numbers of others.

    trajectories : dict "minus"/"zero"/"plus" → list of paths, replicas in one order
    returns : dict of the same kind, list of int; without walls nothing is read
    raises : DataFileError when no replica is left
    """
    if not model.walls and not model.domain_map:
        return trajectories, []
    kept, moved = [], []
    for n, datasets in enumerate(read_replicas(trajectories)):
        if all(model.stands_in(dataset) for dataset in datasets):
            kept.append(n)
        else:
            moved.append(int(datasets[0].attrs["replica"]))
    if not kept:
        where = f"domains.walls_y: {list(model.walls)}"
        if model.domain_map:
            where = f"domains.map: {model.domain_map.name}"
        raise DataFileError(
            f"{where}: walls moved in every replica, so that there is nothing to average, and "
            "tables/wall_velocity has where they went; for averages lower temperature.T_hot_K, "
            "take a weaker electric_field.x_kV_per_cm, or put the walls farther from each other "
            "and the faces"
        )
    return {field: [files[n] for n in kept] for field, files in trajectories.items()}, moved
