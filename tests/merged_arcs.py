"""Arcs of one group, merged as the arcs of many groups are."""

import numpy as np

from lhasaplan.core.exposure.sightings import merge_by_group, width_deg


def merge_sectors(centre_deg, half_deg):
    """The union of arcs as sectors."""
    return merge_by_group(np.zeros(len(centre_deg), np.int64), centre_deg, half_deg, 1)[0]


def covers(sectors, azimuth):
    """Whether a bearing lies in one of the sectors, its ends included."""
    return any((azimuth - low) % 360.0 <= width_deg((low, high)) for low, high in sectors)
