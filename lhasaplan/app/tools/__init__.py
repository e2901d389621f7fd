"""Tools of the window, a folder each: what a tool needs of panel, tables and commands lies together; none knows another."""
