"""Errors a user can act on: each message names the key or file, the value and the way out."""


class FerronHallError(Exception):
    """Base of every error whose message is meant for the user, without a traceback.

    lasting : bool
        Whether the same configuration would meet it again, however often it is tried.
    """

    lasting = False


class ConfigError(FerronHallError):
    """A configuration or material file holds a wrong key, type, unit or value."""

    lasting = True


class UnstableKernelError(FerronHallError):
    """The ferroelectric state, with its walls, is no minimum of the energy, or h is too large."""

    lasting = True


class TrajectoryDivergedError(FerronHallError):
    """A trajectory left the physical range; the message names its last good state."""

    lasting = True


class TrajectoryInterruptedError(FerronHallError):
    """A trajectory was told to stop, or reached its wall-time limit; the next run resumes it."""


class DataFileError(FerronHallError):
    """A results file is missing, truncated or does not belong to this campaign."""


class DeclarationError(FerronHallError):
    """Something that was added to the code is declared in one place and missing in another."""


class TheoryError(FerronHallError):
    """The noise-free theory has no solution for this configuration."""

    lasting = True


class FirstPrinciplesError(FerronHallError):
    """A run of Quantum ESPRESSO cannot start, did not finish, or left results out of range."""


class SymmetryError(FerronHallError):
    """A crystal, a supercell or a field on it lacks the symmetry that an operation needs."""

    lasting = True
