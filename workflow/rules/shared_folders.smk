"""Folders of what depends on a material or on second-order data alone, one for each content."""


def density_folder(parent):
    """Folder of a parent structure's densities."""
    return shipped.find(paths.density_data(parent), ROOT)


CRYSTAL, TABULATED = (
    paths.shared(
        paths.MATERIALS,
        material_file["name"],
        digest.fingerprint({"material": content, "data": PHONON_DATA}),
    )
    for content in (MATERIAL, MODELLED)
)
SECOND_ORDER_FOLDER = Path(config["second_order"]["data"])
CHARGES = paths.shared(
    paths.SECOND_ORDER,
    SECOND_ORDER_FOLDER.resolve().name,
    digest.folder_digest(SECOND_ORDER_FOLDER),
)
DENSITIES = {
    parent: paths.shared(
        paths.SECOND_ORDER,
        crystal,
        digest.folder_digest(density_folder(parent)),
    )
    for parent, crystal in paths.SECOND_ORDER_PARENTS.items()
}
PHONONS = CRYSTAL.datasets(["phonons"] if PHONON_DATA else [])
SHARED_DATASETS = {
    "phonons": CRYSTAL,
    "second_order": CHARGES,
    **{f"{parent}_density": folder for parent, folder in DENSITIES.items()},
}
"""Dataset → the folder in which it is made."""
