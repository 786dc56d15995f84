"""One value that describes an experiment, and the experiments that the pages open with."""

from core.choices.allowed import SpecError as SpecError
from core.spec.run_spec import COST_CEILING as COST_CEILING
from core.spec.run_spec import FORMAT as FORMAT
from core.spec.run_spec import RANGES as RANGES
from core.spec.run_spec import RunSpec as RunSpec
