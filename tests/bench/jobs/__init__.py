"""The jobs that are measured; each module gives the rows of one."""
