"""The pure core: frozen values in, frozen values out; no Qt, no files, no clock."""
