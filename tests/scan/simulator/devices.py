"""What scanners, copiers and phones make of a page: a picture of grey values (uint8), any way up, as a file's bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from tests.scan.simulator.paper import DPI

Rng = np.random.Generator


@dataclass(frozen=True)
class Device:
    """A way to take a picture, and the file type that it usually ends in."""

    take: Callable[[np.ndarray, Rng], np.ndarray]
    suffix: str


def flatbed(page: np.ndarray, rng: Rng) -> np.ndarray:
    """A flatbed or a sheet feeder: 150 to 300 dpi, turned by up to 2 degrees, a little noise, sometimes a streak."""
    dpi = int(rng.choice([150, 150, 200, 200, 200, 300]))
    paper = _paper(page, rng.uniform(232, 250), rng.uniform(8, 40))
    scale = dpi / DPI * _print_scale(rng)
    stretch = rng.uniform(0.997, 1.003)  # feeders do not pull evenly
    picture = _turned(paper, scale, stretch, rng.uniform(-2, 2), rng, margin=rng.uniform(0, 0.02))
    picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 0.8))
    if rng.random() < 0.15:
        column = int(rng.integers(picture.shape[1]))
        picture[:, column : column + 1] *= rng.uniform(0.55, 0.9)
    return _any_way_up(_sensor(picture, rng.uniform(1.5, 5), rng), rng, (0, 0, 0, 2))


def photocopy(page: np.ndarray, rng: Rng) -> np.ndarray:
    """A copy of a copy: black and white with ragged edges and speckle, 97 to 103 %, then scanned."""
    paper = _paper(page, rng.uniform(235, 250), rng.uniform(10, 35))
    scale = rng.uniform(0.97, 1.03)
    paper = _turned(paper, scale, 1.0, rng.uniform(-0.7, 0.7), rng, margin=0.01)
    grain = rng.standard_normal(paper.shape, dtype=np.float32) * np.float32(rng.uniform(6, 14))
    paper = cv2.GaussianBlur(paper, (0, 0), rng.uniform(0.8, 1.6)) + grain
    copied = np.where(paper < rng.uniform(165, 195), rng.uniform(10, 50), rng.uniform(242, 255)).astype(np.float32)
    speckles = int(rng.integers(200, 3000))
    for x, y in rng.uniform((0, 0), copied.shape[::-1], (speckles, 2)):
        cv2.circle(copied, (int(x), int(y)), int(rng.choice([0, 0, 1, 1, 2])), float(rng.uniform(10, 90)), -1)
    return flatbed(copied, rng)


def phone(page: np.ndarray, rng: Rng) -> np.ndarray:
    """A phone held over the page: perspective, a table around it, uneven light, some blur and noise."""
    paper = _paper(page, rng.uniform(205, 245), rng.uniform(20, 55))
    picture = _perspective(paper, rng, long_side=int(rng.integers(2300, 3600)), tilt=0.05)
    picture *= _light(picture.shape, rng, least=0.6)
    picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.6, 1.4))
    return _any_way_up(_jpeg(_sensor(picture, rng.uniform(2, 5), rng), int(rng.integers(78, 93))), rng, (0, 1, 2, 3))


def poor_photo(page: np.ndarray, rng: Rng) -> np.ndarray:
    """A bad picture: few pixels, out of focus or shaken, a hard shadow, a crease, perhaps a corner outside."""
    paper = _creased(_paper(page, rng.uniform(190, 240), rng.uniform(25, 70)), rng)
    picture = _perspective(paper, rng, long_side=int(rng.integers(1300, 2300)), tilt=0.1)
    picture *= _light(picture.shape, rng, least=0.4) * _shadow(picture.shape, rng)
    picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.8, 3.2))
    if rng.random() < 0.4:
        picture = _shaken(picture, int(rng.integers(3, 10)), rng.uniform(0, 180))
    if rng.random() < 0.3:
        height, width = picture.shape
        cut = rng.uniform(0.02, 0.12)
        picture = picture[int(cut * height) :, :] if rng.random() < 0.5 else picture[:, int(cut * width) :]
    return _any_way_up(_jpeg(_sensor(picture, rng.uniform(3, 8), rng), int(rng.integers(35, 70))), rng, (0, 1, 2, 3))


DEVICES = {
    "scan": Device(flatbed, ".png"),
    "photocopy": Device(photocopy, ".png"),
    "phone": Device(phone, ".jpg"),
    "poor photo": Device(poor_photo, ".jpg"),
}


def _paper(page: np.ndarray, white: float, black: float) -> np.ndarray:
    return (black + page.astype(np.float32) * ((white - black) / 255)).astype(np.float32)


def _print_scale(rng: Rng) -> float:
    """Most printers print at full size, some shrink the page to fit."""
    return float(rng.choice([1.0, 1.0, 1.0, rng.uniform(0.94, 1.0), rng.uniform(0.97, 1.03)]))


def _turned(paper: np.ndarray, scale: float, stretch: float, angle: float, rng: Rng, margin: float) -> np.ndarray:
    height, width = paper.shape
    size = (round(width * scale * (1 + margin)), round(height * scale * (1 + margin)))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
    matrix[1] *= stretch
    matrix[:, 2] += np.array([size[0] / 2 - width / 2, size[1] / 2 - height / 2])
    matrix[:, 2] += rng.uniform(-0.003, 0.003, 2) * width * scale
    small = cv2.GaussianBlur(paper, (0, 0), 0.45 / scale) if scale < 0.9 else paper
    edge = float(rng.choice([255, 250, 235, 15]))
    return cv2.warpAffine(small, matrix, size, flags=cv2.INTER_LINEAR, borderValue=edge)


def _perspective(paper: np.ndarray, rng: Rng, long_side: int, tilt: float) -> np.ndarray:
    height, width = paper.shape
    frame = (round(long_side * 0.75), long_side)
    filled = rng.uniform(0.84, 0.97)
    size = np.array([width, height]) * min(frame[0] / width, frame[1] / height) * filled
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * size / 2
    corners = corners * (1 + rng.uniform(-tilt, tilt / 3, (4, 2)))
    angle = np.radians(rng.normal(0, 3))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    room = np.array(frame) / 2 - np.abs(corners @ turn.T).max(0)
    centre = np.array(frame) / 2 + rng.uniform(-1, 1, 2) * np.maximum(room, 0)
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, (corners @ turn.T + centre).astype(np.float32))
    small = cv2.GaussianBlur(paper, (0, 0), 0.4 * width / size[0])
    picture = cv2.warpPerspective(small, matrix, frame, flags=cv2.INTER_LINEAR, borderValue=-1)
    table = cv2.resize(rng.uniform(30, 150, (9, 7)).astype(np.float32), frame, interpolation=cv2.INTER_CUBIC)
    return np.where(picture < 0, table, picture)


def _light(shape: tuple[int, ...], rng: Rng, least: float) -> np.ndarray:
    coarse = rng.uniform(least, 1, (3, 3)).astype(np.float32)
    return np.clip(cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC), least * 0.9, 1.05)


def _shadow(shape: tuple[int, ...], rng: Rng) -> np.ndarray:
    """The shadow of a hand or a phone: half of the picture or a part of it, with a rather sharp edge."""
    height, width = shape
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[0:height:8, 0:width:8].astype(np.float32)
    side = (x - width * rng.uniform(0.2, 0.8)) * np.cos(angle) + (y - height * rng.uniform(0.2, 0.8)) * np.sin(angle)
    coarse = 1 - rng.uniform(0, 0.55) / (1 + np.exp(-side / rng.uniform(8, 60)))
    return cv2.resize(coarse.astype(np.float32), (width, height))


def _creased(paper: np.ndarray, rng: Rng) -> np.ndarray:
    """A page that was folded: beyond the crease it is shifted and turned a little; the crease is a darker line."""
    if rng.random() < 0.4:
        return paper
    height, width = paper.shape
    y, x = np.mgrid[0:height:16, 0:width:16].astype(np.float32)
    angle = rng.choice([0, np.pi / 2]) + rng.normal(0, 0.05)
    across = (x - width / 2) * np.cos(angle) + (y - height / 2) * np.sin(angle)
    lift = np.maximum(across, 0) * rng.uniform(-0.012, 0.012)
    big = (width, height)
    move_x = cv2.resize((x + lift * np.cos(angle)).astype(np.float32), big)
    move_y = cv2.resize((y + lift * np.sin(angle)).astype(np.float32), big)
    bent = cv2.remap(paper, move_x, move_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    dark = 1 - rng.uniform(0.1, 0.4) * np.exp(-((across / rng.uniform(5, 15)) ** 2))
    return bent * cv2.resize(dark.astype(np.float32), big)


def _shaken(picture: np.ndarray, length: int, angle: float) -> np.ndarray:
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1
    turn = cv2.getRotationMatrix2D(((length - 1) / 2, (length - 1) / 2), angle, 1)
    kernel = cv2.warpAffine(kernel, turn, (length, length))
    return cv2.filter2D(picture, -1, kernel / kernel.sum())


def _sensor(picture: np.ndarray, noise: float, rng: Rng) -> np.ndarray:
    grain = rng.standard_normal(picture.shape, dtype=np.float32)
    return np.clip(picture + grain * noise, 0, 255).astype(np.uint8)


def _jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    return cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE)


def _any_way_up(picture: np.ndarray, rng: Rng, turns: tuple[int, ...]) -> np.ndarray:
    return np.ascontiguousarray(np.rot90(picture, int(rng.choice(turns))))
