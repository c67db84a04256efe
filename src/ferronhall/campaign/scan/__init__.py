"""Scans: what the noise-free theory says when one key of the configuration varies.

axes : the keys and their values
variation : the configuration of every point, checked
point : the responses at one point
collection : all points as one dataset
"""
