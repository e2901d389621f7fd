"""Sentences about files that cannot be read which readers say themselves, too."""

from lhasaplan.core.base.translations import marked

NO_FILE = marked("there is no such file")
DAMAGED = marked("this file is damaged, was cut off, or is not what its name says; export or download it again")
NO_INDEX = marked(
    "the part .shx of this Shapefile is missing or damaged; copy its parts .shp, .shx, .dbf and .prj again, all together"
)
NESTED = marked("what stands in this file is nested too deeply to be read")
MEMORY = marked("this file asks for more memory than there is")
