"""Why a benchmark has no figures."""


class CannotMeasure(Exception):
    """Something that is needed is not there, or did not do what it is measured by."""
