from __future__ import annotations

import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from kohl.core.errors import MissingModelError
from kohl.methods.tinybeauty import shipped
from kohl.methods.tinybeauty.config import MAX_PARAMETERS
from kohl.weights import catalog, files
from kohl.weights.cards import ModelCard

CARD = catalog.CARDS[0]


@pytest.mark.parametrize("card", catalog.CARDS, ids=lambda card: card.name)
def test_every_card_is_complete_and_names_the_file_that_is_installed(card: ModelCard):
    assert all(value for name, value in asdict(card).items() if name != "input_size")
    assert re.fullmatch("[0-9a-f]{64}", card.sha256)
    assert files.verify(card).suffix != ".pkl"


def test_names_are_given_once():
    assert len({card.name for card in catalog.CARDS}) == len(catalog.CARDS)


def test_another_file_is_refused():
    with pytest.raises(MissingModelError, match="expected the file with SHA-256 0000"):
        files.verify(replace(CARD, sha256="0" * 64))


def test_a_file_that_is_not_there():
    with pytest.raises(MissingModelError, match="there is no file"):
        files.locate(replace(CARD, path="modules/nothing.tflite"))


def test_a_package_that_is_not_installed():
    with pytest.raises(MissingModelError, match="not installed"):
        files.locate(replace(CARD, distribution="no_such_package"))


def test_every_file_of_numbers_in_the_package_has_a_card():
    package = files.locate(next(card for card in catalog.CARDS if card.distribution == "kohl")).parents[1]
    found = {path.relative_to(package).as_posix() for path in package.rglob("*") if path.suffix in {".npz", ".npy", ".onnx", ".safetensors"}}
    # Learned looks carry their cards inside.
    looks = {path for path in found if path.startswith("methods/tinybeauty/looks/")}
    assert {card.path for card in catalog.CARDS if card.distribution == "kohl"} == found - looks
    assert looks == {f"methods/tinybeauty/looks/{name}.onnx" for name in shipped.names()}


@pytest.mark.parametrize("name", shipped.names())
def test_learned_looks_keep_to_their_budget_and_say_where_they_come_from(name: str):
    card = shipped.load(name).card
    assert card.name == name
    assert card.parameters <= MAX_PARAMETERS
    assert card.licence == "Apache-2.0"
    assert "train split" in card.training_data
    assert card.metrics["psnr_test"] > card.metrics["psnr_test_doing_nothing"] + 1


def test_the_scripts_that_cards_name_are_there():
    root = Path(__file__).parents[2]
    assert [card.source for card in catalog.CARDS if not card.source.startswith("https:") and not (root / card.source).is_file()] == []


def test_the_networks_that_the_mesh_uses_all_have_a_card():
    mediapipe = Path(files.locate(CARD)).parents[2]
    assert {Path(card.path).name for card in catalog.CARDS if card.distribution == "mediapipe"} == {
        path.name for path in mediapipe.rglob("*.tflite") if path.name.startswith(("face_detection", "face_landmark_with"))
    }
