"""One typeface for all languages, brought along, so that Chinese shows on a machine without fonts."""

from importlib.util import find_spec
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

PROPORTIONAL = QFont.Tag("pwid")


def use_own_font(app: QApplication, size_pt: float = 9.5) -> str:
    """Make Noto Sans SC the font of the window and return its family; without the package the system's font stays."""
    path = font_file()
    number = QFontDatabase.addApplicationFont(str(path)) if path is not None else -1
    families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    if not families:
        return app.font().family()
    font = QFont(families[0])
    font.setPointSizeF(size_pt)
    app.setFont(font)
    return families[0]


def use_widths_of(language: str) -> None:
    """Give quotation marks the width that they have in a language: the typeface has them as wide as a Chinese character."""
    font, is_narrow = QFont(QApplication.font()), int(not language.startswith("zh"))
    was_narrow = font.featureValue(PROPORTIONAL) if font.isFeatureSet(PROPORTIONAL) else 0
    if is_narrow != was_narrow:
        font.setFeature(PROPORTIONAL, is_narrow)
        QApplication.setFont(font)


def font_file() -> Path | None:
    """Return the sans typeface of the font package, found without importing it."""
    spec = find_spec("pylopdf_fonts_zh_cn")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "NotoSansSC-Regular.otf"
    return path if path.is_file() else None
