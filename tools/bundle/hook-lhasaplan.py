"""What PyInstaller puts into a bundle of lhasaplan itself: every module, since many are imported by name, and the content.

Modules lie as files: stubs say what packages offer, and kernels are compiled anew where a file of theirs is another.
"""

from PyInstaller.utils.hooks import collect_data_files, collect_submodules

hiddenimports = collect_submodules("lhasaplan")
datas = collect_data_files("lhasaplan")
module_collection_mode = "py"
