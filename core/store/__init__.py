"""Where results stay."""

from core.store.places import FILE_LIMIT as FILE_LIMIT
from core.store.places import Missing as Missing
from core.store.places import Store as Store
from core.store.places import StoreUnwritable as StoreUnwritable
from core.store.places import Torn as Torn
from core.store.places import decode as decode
from core.store.places import encode as encode
from core.store.places import has as has
from core.store.places import load as load
from core.store.places import saved as saved
from core.store.places import store as store
from core.store.places import unsaved as unsaved
