"""The bath's temperature and the columns of its flanks, as a configuration asks for them."""

from ferronhall.model.contacts import Contacts
from ferronhall.model.geometry import HotBand
from ferronhall.model.temperature_map import read_temperature_map

IMPOSED, SELF_CONSISTENT = "imposed", "self_consistent"
"""The words of temperature.profile."""


def is_self_consistent(config):
    """Whether the baths between the contacts are to be solved for."""
    return config["temperature"]["profile"] == SELF_CONSISTENT


def bath_profile(config, slab):
    """T(x) or T(x, y) (K), and the columns whose responses count, bool, shape (nx,).

    Those are the flanks of the hot band, or all between the contacts where the baths are to be
    solved for, whose temperatures here are the straight lines that the solution replaces.

    raises : ConfigError when the file of temperature.map cannot be used
    """
    if is_self_consistent(config):
        contacts = Contacts.from_config(config)
        return contacts.temperature(slab), contacts.between(slab)
    band, path = HotBand.from_config(config), config["temperature"]["map"]
    temperature = read_temperature_map(path, slab) if path else band.temperature(slab)
    return temperature, band.flanks(slab)
