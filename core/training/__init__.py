"""Training a network, a few updates at a time."""

from core.training.training import History as History
from core.training.training import Outcome as Outcome
from core.training.training import Progress as Progress
from core.training.training import Training as Training
