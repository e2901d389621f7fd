"""What PyInstaller puts into a bundle of lhasaplan itself: every module, since many are imported by name, and the content.

Modules lie as files: stubs say what packages offer, and kernels are compiled anew where a file of theirs is another. python-docx
and python-pptx look for their templates from the folder of a module (``docx/parts/../templates``), which must be there.
"""

from PyInstaller.utils.hooks import collect_data_files, collect_submodules

hiddenimports = collect_submodules("lhasaplan")
datas = collect_data_files("lhasaplan")
module_collection_mode = {"lhasaplan": "py", "docx": "pyz+py", "pptx": "pyz+py"}
