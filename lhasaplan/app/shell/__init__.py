"""The window itself: its frame, menus and status line, and how it is put together."""
