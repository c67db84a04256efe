"""The Gaussian closure with a stiffness of every cell.

mode_columns    the modes of one q_z side by side, real where the mirrors allow it
layer_products  what two states make of every layer
lyapunov        covariances where the stiffness varies from site to site
closure         stiffness, mean field and fluctuations of every cell that answer each other
cost            what that takes, and whether a campaign does it
"""
