"""What stands behind ./1022: it prepares, starts, watches and stops the hotline.

Standard library only: it runs before anything is installed.
"""
