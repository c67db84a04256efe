"""Averages of polynomials over normal fluctuations, exact: by their derivatives at the mean."""


def gaussian_average(polynomial, mean, variance):
    """⟨p(mean + w)⟩ over normal w of the given variance, exact: Σ_m p⁽²ᵐ⁾(mean) σ²ᵐ/(2ᵐ m!)."""
    total, factor = 0.0, 1.0
    for m in range(polynomial.degree() // 2 + 1):
        derivative = polynomial.deriv(2 * m) if m else polynomial
        factor = factor * variance / (2 * m) if m else 1.0
        total = total + derivative(mean) * factor
    return total
