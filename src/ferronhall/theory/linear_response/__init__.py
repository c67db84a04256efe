"""Responses to a weak, slowly varying temperature, in laboratory units.

temperature_waves    noise of a weak wave of temperature about a uniform one
thermal_noise        what quantum noise drives, without modes
doubling             the covariance of two blocks, without modes
neighbouring_waves   what it does to the modes as its length goes to infinity
weak_gradient        coefficients of a weak gradient and field
laboratory           these at every temperature, as laboratory.nc
"""
