"""Keep what is seen, coverage and overlap up to date while a camera, a building, a tree or the demand changes.

Only what depends on a change is computed again: a camera's own views, the views in whose range a building or tree stands, the
points that are new. The result equals a state made from nothing. The window asks for the answers about every camera as it is
drawn now.
"""
