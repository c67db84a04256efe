"""Heat modulated in time.

modulation   covariances under it
lock_in      amplitude and phase of the edge responses (lock_in.nc)
"""
