"""What a window shows once it has come to rest: sizes, places and pictures that were taken before change by themselves."""

PAUSE_MS = 50


def at_rest(qtbot, look):
    """Return what a look sees, once two looks with a pause between them see the same."""
    looks = [None]

    def is_same():
        qtbot.wait(PAUSE_MS)
        looks.append(look())
        return looks[-1] == looks[-2]

    qtbot.waitUntil(is_same)
    return looks[-1]
