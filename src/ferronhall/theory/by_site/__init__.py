"""The Gaussian closure with a stiffness of every cell.

lyapunov   covariances where the stiffness varies from site to site
closure    stiffness, mean field and fluctuations of every cell that answer each other
cost       what that takes, and whether a campaign does it
"""
