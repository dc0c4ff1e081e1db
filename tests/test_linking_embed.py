"""Sentence vectors: found by import, checked by hash, kept on disk, and only in their languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from esco_graph.errors import ParameterError, SourceError
from esco_graph.linking import embed, encoders
from esco_graph.linking.embed import vectors_of
from esco_graph.linking.encoders import MINILM, USE, Encoder, encoded, encoder_for
from esco_graph.linking.index import CandidateIndex, Entry
from esco_graph.linking.texts import Query


def small(lang: str = "en") -> CandidateIndex:
    return CandidateIndex.from_entries(
        [Entry("x:1", (("physician", 0), ("doctor", 1)), "Treats the ill."), Entry("x:2", (("lawyer", 0),))],
        "occupation",
        lang,
    )


def letters(texts: Sequence[str]) -> np.ndarray:
    """Encode texts by the letters they have; an encoder for tests."""
    return np.array([[text.count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts], np.float32)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stand in for the installed encoders; gives the texts that were encoded."""
    seen: list[str] = []

    def encode(texts: Sequence[str]) -> np.ndarray:
        seen.extend(texts)
        return letters(texts)

    class Fake(Encoder):
        def open(self) -> encoders.Encode:
            return encode

    made = Fake("fake", (), "", "0", frozenset({"en"}), 26, lambda _: encode)
    monkeypatch.setattr(embed, "asked_encoder", lambda *_: made)
    return seen


def test_vectors_are_kept_and_read_again(fake: list[str], tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    made = vectors_of(small(), folder=tmp_path, progress=lambda _, done, of: seen.append((done, of)))
    assert made is not None
    assert seen == [(3, 3)]
    before = len(fake)
    again = vectors_of(small(), folder=tmp_path)
    assert again is not None
    assert len(fake) == before
    assert np.array_equal(made.labels, again.labels)
    assert made.labels.dtype == np.float16


def test_a_broken_file_is_made_anew(fake: list[str], tmp_path: Path) -> None:
    vectors_of(small(), folder=tmp_path)
    next(tmp_path.glob("*.npy")).write_bytes(b"rubbish")
    assert vectors_of(small(), folder=tmp_path) is not None


def test_labels_and_descriptions_are_kept_apart(fake: list[str], tmp_path: Path) -> None:
    index = small()
    bare = vectors_of(index, folder=tmp_path)
    told = vectors_of(index, descriptions=["Treats the ill.", ""], folder=tmp_path)
    assert len(list(tmp_path.glob("*.npy"))) == 2
    assert fake == ["doctor", "lawyer", "physician", "lawyer", "physician. Treats the ill."]
    assert bare is not None
    assert told is not None
    assert np.array_equal(bare.texts, told.labels[[0, 2]])
    vectors_of(small(), descriptions=["Treats other people.", ""], folder=tmp_path)
    assert len(list(tmp_path.glob("*.npy"))) == 3


def test_cosines_meet_every_label(fake: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = vectors_of(small(), folder=tmp_path)
    assert made is not None
    whole = made.cosines(["doctor", "lawyer"])
    assert whole.shape == (2, 3)
    assert whole[0].argmax() == 1
    assert whole[1, 2] == pytest.approx(1, abs=1e-3)
    monkeypatch.setattr(embed, "_ROWS", 2)
    assert np.allclose(made.cosines(["doctor", "lawyer"]), whole)
    assert made.cosines([]).shape == (0, 3)


def test_a_folder_that_cannot_be_written_is_no_error(fake: list[str], tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert vectors_of(small(), folder=blocked) is not None


def test_cosines_meet_the_nearest_label(fake: list[str], tmp_path: Path) -> None:
    index = small()
    made = vectors_of(index, folder=tmp_path)
    assert made is not None
    pool = np.array([[0, 1], [1, -1]], np.int32)
    found = made.features(index, [Query("1", "doctor"), Query("2", "lawyer", description="ill")], pool)
    assert found["embed_label"][0, 0] == pytest.approx(1, abs=1e-3)
    assert found["embed_pref"][0, 0] < 0.9
    assert found["embed_text"][0].tolist() == [0, 0]
    assert found["embed_text"][1, 0] > 0
    assert found["embed_label"][1, 1] == 0


def test_a_language_of_no_encoder_has_no_vectors(tmp_path: Path) -> None:
    assert vectors_of(small("lv"), folder=tmp_path) is None
    with pytest.raises(ParameterError, match="no sentence encoder"):
        vectors_of(small("lv"), "on", folder=tmp_path)
    assert "sv" not in USE.langs


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"other")
    monkeypatch.setattr(Encoder, "path", property(lambda _: tmp_path / "weights"))
    with pytest.raises(SourceError, match="sha256"):
        MINILM.open()


def test_a_missing_package_says_what_to_install() -> None:
    with pytest.raises(SourceError, match=r"esco-graph\[embed\]"):
        replace(MINILM, packages=("no_such_package",)).open()


@pytest.mark.skipif(MINILM.path is None, reason="the extra embed is not installed")
def test_the_real_encoder_knows_synonyms() -> None:
    encoder = encoder_for("en")
    assert encoder is not None
    vectors = encoded(encoder.open(), ["physician", "doctor", "bricklayer"], encoder.size, lambda *_: None)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2
