"""Modes of one wave vector, what a bath drives of them by band, and what a pair of them counts.

A moment of the pair is Σ_ij f_ij C_ij with C = Σ_ab c_ab x_a x_b†; its part at the left is what
each a counts with all b, at the right what each b counts with all a.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from ferronhall.theory import pair
from ferronhall.theory.block_modes import Modes
from ferronhall.theory.spectra.frequency_bands import Bands


@dataclass(frozen=True)
class DrivenModes:
    """Modes of a block in one basis, and what the baths drive of them.

    modes : block_modes.Modes
    spectra : list of ndarray, shape (waves, n), for every bath F of its waves
    bands : frequency_bands.Bands
    """

    modes: Modes
    spectra: list
    bands: Bands

    @cached_property
    def _white(self):
        return self.bands.white(self.modes.values)

    @cached_property
    def _lines(self):
        # the points of a band beside each other, and numbers as two floats
        return self.bands.lines(self.modes.values).view(float)

    def by_band(self, bath, index, thermal):
        """F of a wave in every band, shape (bands, n); index None for white noise of 1 K.

        thermal : dict, bath → θ of its waves as Bands.thermal has it
        """
        if index is None:
            return self._white
        theta = thermal[bath][index]
        found = np.zeros((len(self.bands), len(self.modes.values)), complex)
        found[:-1] = np.matmul(theta[:, None], self._lines)[:, 0].view(complex)
        # what lies above all bands, and what the interpolation missed where θ is steep, near 0
        found[0] += self.spectra[bath][index] - found.sum(axis=0)
        return found

    @cached_property
    def vectors(self):
        """w and p of every column, shape (2m, N)."""
        return np.vstack([self.modes.displacement, self.modes.momentum])

    def turned(self, used):
        """`vectors`, of the functions used alone, and the modes' drive, of −q_x."""
        sign = self.modes.basis.opposite
        return self.vectors[used] * np.tile(sign, 2)[used, None], self.modes.drive * sign


@dataclass(frozen=True)
class Forms:
    """Forms of (w, p) in one basis, cut down to the functions that they count.

    used : ndarray of int
        Of the 2m functions.
    parts, transposed : lists of sparse arrays, shape (used, used)
    """

    used: np.ndarray
    parts: list
    transposed: list

    @classmethod
    def of(cls, forms):
        """From sparse arrays of shape (2m, 2m)."""
        used = np.unique(np.concatenate([form.tocoo().coords for form in forms], axis=None))
        parts = [sparse.csr_array(form[used][:, used]) for form in forms]
        return cls(used, parts, [part.T.tocsr() for part in parts])


def counted(forms, left, right, opposite):
    """What the modes of two blocks count in forms, at either side, in a real basis.

    A mode that stands for its conjugate too counts twice the real part.

    forms : Forms, real
    left, right : DrivenModes of n and n′ modes
    opposite : two bool, whether they stand for their opposite q_x
    returns : two ndarrays, shapes (forms, n) and (forms, n′), complex
    """
    values, others = left.modes.values, right.modes.values
    n, m, used = len(values), len(others), forms.used
    (here, drive), (there, other) = (
        side.turned(used) if turned else (side.vectors[used], side.modes.drive)
        for side, turned in zip((left, right), opposite, strict=True)
    )
    shared = drive @ other.T
    rr, ri, ir, ii = shared[:n, :m], shared[:n, m:], shared[n:, :m], shared[n:, m:]
    # with b itself, and with its conjugate in b's place
    alike = ((rr + ii) + 1j * (ir - ri)) * pair.white(values, others.conj(), True)
    turned = ((rr - ii) + 1j * (ir + ri)) * pair.white(values, others, False)
    share = right.modes.share
    after = _times((alike + turned) * share, there[:, :m].T)
    after -= 1j * _times((alike - turned) * share, there[:, m:].T)
    share, turned = left.modes.share[:, None], turned.conj()
    before = _times(((alike + turned) * share).T, here[:, :n].T)
    before += 1j * _times(((alike - turned) * share).T, here[:, n:].T)
    at_left, at_right = [], []
    for form, transposed in zip(forms.parts, forms.transposed, strict=True):
        inside = transposed @ here
        at_left.append(np.einsum("ja,aj->a", inside[:, :n] + 1j * inside[:, n:], after))
        inside = form @ there
        at_right.append(np.einsum("jb,bj->b", inside[:, :m] + 1j * inside[:, m:], before.conj()))
    return (
        2 * left.modes.share * np.array(at_left),
        2 * right.modes.share * np.array(at_right),
    )


def counted_by_all(forms, left, right, opposite):
    """The same of modes that each stand for themselves, of complex forms of the layers."""
    (values, here, drive), (others, there, other) = (
        side.modes.complete(turned) for side, turned in zip((left, right), opposite, strict=True)
    )
    used = forms.used
    here, there = here[used], there[used].conj()
    covariance = drive @ other.conj().T
    covariance *= pair.white(values, others.conj(), True)
    after, before = covariance @ there.T, here @ covariance
    at_left = [np.einsum("ja,aj->a", form @ here, after) for form in forms.transposed]
    at_right = [np.einsum("jb,jb->b", form @ before, there) for form in forms.transposed]
    return np.array(at_left), np.array(at_right).conj()


def _times(left, right):
    """A complex matrix times a real one."""
    parts = np.concatenate([left.real, left.imag]) @ right
    result = np.empty((len(left), right.shape[1]), complex)
    result.real, result.imag = parts[: len(left)], parts[len(left) :]
    return result
