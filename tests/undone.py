"""What undoes a proposal, made as any difference of two lists of cameras is."""

from dataclasses import replace

from lhasaplan.core.changes.proposal import apply, difference


def taken_back(proposal, cameras):
    """The proposal that undoes another, of which ``cameras`` were there before it."""
    return replace(proposal, changes=difference(apply(proposal, cameras), cameras).changes)
