"""HParams: a program's settings."""

import pytest

import pellucid as tf

HParams = tf.contrib.training.HParams


@pytest.fixture
def hparams():
    """One setting of each type."""
    return HParams(rate=0.1, steps=10, name="net", train=True, layers=[32, 16], words=["a", "b"])


@pytest.mark.parametrize("text, name, value", [
    ("rate=0.5", "rate", 0.5), ("rate=2", "rate", 2.0), ("steps=3", "steps", 3),
    ("name=deep,steps=3", "name", "deep"), ("train=false", "train", False),
    ("train=1", "train", True), ("layers=[1,2,3]", "layers", [1, 2, 3]),
    ("layers[1]=5", "layers", [32, 5]), ("words=[c, d],rate=1e-3", "words", ["c", "d"]),
    ("", "steps", 10),
])
def test_parse(hparams, text, name, value):
    assert hparams.parse(text) is hparams
    assert getattr(hparams, name) == value and type(getattr(hparams, name)) is type(value)


@pytest.mark.parametrize("text, says", [
    ("what=3", "Unknown hyperparameter type for what"), ("steps=2.5", "Could not parse.*'steps'"),
    ("train=maybe", "Could not parse.*'train'"), ("steps=[1,2]", "not pass a list"),
    ("layers=3", "pass a list"), ("steps", "Malformed"), ("steps=1,steps=2", "Multiple"),
])
def test_what_is_wrong(hparams, text, says):
    with pytest.raises(ValueError, match=says):
        hparams.parse(text)


def test_setting_and_reading(hparams):
    hparams.set_hparam("rate", 1)
    assert type(hparams.rate) is float and "rate" in hparams and "none" not in hparams
    for name, value in (("steps", 2.5), ("steps", True), ("name", 3), ("train", 1)):
        with pytest.raises(ValueError, match="Could not cast"):
            hparams.set_hparam(name, value)
    with pytest.raises(KeyError):
        hparams.override_from_dict({"none": 1})
    with pytest.raises(ValueError, match="reserved"):
        hparams.add_hparam("rate", 2)
    hparams.add_hparam("depth", 2)
    assert hparams.values()["depth"] == 2 == hparams.get("depth", 5) and hparams.get("x", 1) == 1
    again = HParams(**hparams.values())
    again.depth = 7
    assert again.parse_json(hparams.to_json()).values() == hparams.values()
    hparams.del_hparam("depth")
    assert not hasattr(hparams, "depth")


def test_words_as_numbers(tmp_path):
    processor = tf.contrib.learn.preprocessing.VocabularyProcessor(4)
    rows = list(processor.fit_transform(["the cat the end", "a cat, never-ending story of it"]))
    assert [list(row) for row in rows] == [[1, 2, 1, 3], [4, 2, 5, 6]]
    assert next(iter(processor.transform(["dog cat"]))).tolist() == [0, 2, 0, 0]
    assert list(processor.reverse([[1, 2, 0]])) == ["the cat <UNK>"]
    assert len(processor.vocabulary_) == 9
    processor.save(str(tmp_path / "words"))
    again = tf.contrib.learn.preprocessing.VocabularyProcessor.restore(str(tmp_path / "words"))
    assert next(iter(again.transform(["the cat"]))).tolist() == [1, 2, 0, 0]
    rare = tf.contrib.learn.preprocessing.VocabularyProcessor(3, min_frequency=1)
    assert [list(r) for r in rare.fit_transform(["b b a", "c a c"])] == [[2, 2, 1], [3, 1, 3]]
