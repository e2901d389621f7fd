"""Leave matplotlib its usual folder of the user: this stands for PyInstaller's own start for it.

That one makes a folder for temporary files in every process, also in readers, which are killed and leave it, and has matplotlib
look through all fonts at each start.
"""
