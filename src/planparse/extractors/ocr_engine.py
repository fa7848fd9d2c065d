"""The recogniser: rapidocr's detection and recognition models, which lie in its wheel, through onnxruntime.

Nothing is fetched: the paths of the shipped model files are handed over, so that the library has nothing to look for.
This module is imported when the first picture is read, and cv2, numpy and rapidocr with it.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rapidocr

# Detection works on a smaller picture: at 110 dpi characters of 9 points are still found, in half a second a page.
DETECTION_SCALE = 0.55
MIN_DETECTION_SIDE, MAX_DETECTION_SIDE = 480, 3200
# A piece that is this much taller than wide is a column of upright characters.
TALL = 1.6
MIN_PIXELS = 4

Pixels = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a printed line as recognised: `centres` and `scores` by character, pixels from the picture's corner.

    `text` holds no blanks; `blank_before[i]` says that the recogniser saw one before character i.
    """

    text: str
    centres: tuple[float, ...]
    scores: tuple[float, ...]
    blank_before: tuple[bool, ...]
    box: Pixels

    @property
    def confidence(self) -> float:
        """The mean of its characters' scores, 0 to 1."""
        return sum(self.scores) / max(1, len(self.scores))


class Engine:
    """Both models, loaded; not shared between threads.

    The same picture gives the same pieces on the same kind of processor, with any number of threads as far as seen.
    """

    def __init__(self, *, threads: int = 2) -> None:
        folder = Path(rapidocr.__file__).parent / "models"
        self._ocr: Any = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.text_score": 0.0,
                "Global.use_cls": False,
                "Global.use_preprocess_img": False,
                "Global.return_word_box": True,
                "Det.limit_type": "max",
                "Det.limit_side_len": MAX_DETECTION_SIDE,
                "Det.model_path": str(_model(folder, "det")),
                "Rec.model_path": str(_model(folder, "rec")),
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        self._lock = threading.Lock()

    def detect(self, image: Any) -> list[Pixels]:
        """The boxes of what looks like print in a BGR picture, upright, in pixels: left, top, right, bottom."""
        high, wide = image.shape[:2]
        scale = min(1.0, max(DETECTION_SCALE, MIN_DETECTION_SIDE / max(high, wide)), MAX_DETECTION_SIDE / max(high, wide))
        small = image if scale == 1 else cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        with self._lock:
            found = self._ocr(small, use_det=True, use_cls=False, use_rec=False)
        if found is None or getattr(found, "boxes", None) is None:
            return []
        boxes: list[Pixels] = []
        for quad in found.boxes:
            xs, ys = [float(p[0]) / scale for p in quad], [float(p[1]) / scale for p in quad]
            left, top = max(0, int(min(xs))), max(0, int(min(ys)))
            right, bottom = min(wide, int(max(xs)) + 1), min(high, int(max(ys)) + 1)
            if right - left > MIN_PIXELS and bottom - top > MIN_PIXELS:
                boxes.append((left, top, right, bottom))
        return boxes

    def recognise(self, image: Any, boxes: Sequence[Pixels]) -> list[Piece]:
        """What stands in the boxes of a BGR picture, in their order; boxes without a character are left out."""
        if not boxes:
            return []
        crops = [np.ascontiguousarray(image[top:bottom, left:right]) for left, top, right, bottom in boxes]
        with self._lock:
            found = self._ocr.recognize_txt(crops)
        pieces: list[Piece] = []
        for box, text, info in zip(boxes, found.txts, found.word_results, strict=True):
            piece = _info_to_piece(text, info, box)
            if piece:
                pieces.append(piece)
        return pieces


def _model(folder: Path, kind: str) -> Path:
    """The shipped model file of a kind (`det`, `rec`), Chinese."""
    return sorted(folder.glob(f"*_{kind}_*.onnx"))[-1]


def _info_to_piece(text: str, info: Any, box: Pixels) -> Piece | None:
    """One recognised box: each character's column, counted over the box's width, is where its ink is."""
    columns = [column for word in info.word_cols for column in word]
    blanks: list[bool] = []
    chars: list[str] = []
    seen = False
    for char in text:
        if char.isspace():
            seen = True
            continue
        chars.append(char)
        blanks.append(seen and len(chars) > 1)
        seen = False
    # `confs` has the blanks too.
    scores = [score for char, score in zip(text, info.confs, strict=False) if not char.isspace()]
    if not chars or len(columns) != len(chars) or not info.line_txt_len:
        return None
    step = (box[2] - box[0]) / info.line_txt_len
    centres = tuple(box[0] + (float(column) + 0.5) * step for column in columns)
    return Piece("".join(chars), centres, tuple(map(float, scores)), tuple(blanks), box)
