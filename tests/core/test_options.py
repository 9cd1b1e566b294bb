"""ConfigProto and its kin: what is accepted works, or says once that it cannot."""

import warnings

import pytest

from pellucid.core import options
from pellucid.core.options import (
    ConfigProto,
    GPUOptions,
    GraphOptions,
    OptimizerOptions,
    RunOptions,
    report_options,
)


@pytest.fixture
def unsaid(monkeypatch):
    monkeypatch.setattr(options, "_said", set())


def test_fields_have_defaults_and_can_be_set():
    config = ConfigProto(allow_soft_placement=True)
    assert config.allow_soft_placement is True
    assert config.log_device_placement is False
    config.inter_op_parallelism_threads = 2
    config.gpu_options.allow_growth = True
    assert config == ConfigProto(allow_soft_placement=True, inter_op_parallelism_threads=2,
                                 gpu_options=GPUOptions(allow_growth=True))
    assert ConfigProto() != config
    assert ConfigProto().gpu_options is not ConfigProto().gpu_options


def test_nested_options():
    config = ConfigProto(graph_options=GraphOptions(
        optimizer_options=OptimizerOptions(opt_level=OptimizerOptions.L1)))
    assert config.graph_options.optimizer_options.opt_level == 0


@pytest.mark.parametrize("make", [
    lambda: ConfigProto(speed=1), lambda: setattr(RunOptions(), "speed", 1),
    lambda: GPUOptions(memory=3),
])
def test_unknown_fields_are_refused(make):
    with pytest.raises(ValueError, match="has no field '(speed|memory)'; it has "):
        make()


def test_copying_and_asking():
    config, other = ConfigProto(), ConfigProto(allow_soft_placement=True)
    assert not config.HasField("allow_soft_placement")
    config.CopyFrom(other)
    assert config.HasField("allow_soft_placement")
    assert not config.HasField("gpu_options")


def test_repr_shows_what_was_set():
    assert repr(ConfigProto()) == "ConfigProto()"
    assert repr(RunOptions(trace_level=3)) == "RunOptions(trace_level=3)"


def test_options_do_not_hash():
    with pytest.raises(TypeError, match="unhashable"):
        hash(ConfigProto())


def test_an_option_without_effect_says_so_once(unsaid):
    config = ConfigProto(intra_op_parallelism_threads=2)
    with pytest.warns(UserWarning, match="ConfigProto.intra_op_parallelism_threads has no "
                                         "effect: NumPy's BLAS decides"):
        report_options(config)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report_options(config, None)


def test_options_left_alone_are_silent(unsaid):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report_options(ConfigProto(allow_soft_placement=True))
        report_options(RunOptions(), None)
