"""YAML for untrusted text: rejects documents that take too long, or whose values can't be serialised again."""

import math
import re

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

MOST_CHARACTERS = 64 << 10
MOST_NODES = 5000
DEEPEST = 30
LARGEST = 1 << 53
_SURROGATE = re.compile("[\ud800-\udfff]")
_DIGITS = 20


class YamlError(ValueError):
    """The text is not valid YAML, or beyond a limit. `line` counts from 0."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


def load_yaml(text: str) -> object:
    """Load a YAML text. Raises YamlError."""
    if len(text) > MOST_CHARACTERS:
        raise YamlError(f"it is longer than {MOST_CHARACTERS} characters", text.count("\n", 0, MOST_CHARACTERS))
    loader = None
    try:
        loader = _Loader(text)
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(error.problem or str(error).splitlines()[0], mark.line if mark else 0) from error
    except yaml.reader.ReaderError as error:
        raise YamlError(f"{error.reason}: U+{error.character:04X}", text.count("\n", 0, error.position)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise YamlError(str(error).splitlines()[0], loader.line if loader else 0) from error
    finally:
        if loader:
            loader.dispose()


class _Loader(yaml.SafeLoader):
    """Counts nodes as they are composed; an alias counts as its whole content."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._count = self._depth = 0
        self._counts: dict[int, int] = {}

    def fetch_flow_collection_start(self, kind: object) -> None:
        if self.flow_level >= DEEPEST:  # before the scanner looks ahead, which is slow if there are many
            raise _refused(f"more than {DEEPEST} levels deep", self.get_mark())
        super().fetch_flow_collection_start(kind)

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        is_alias, mark = self.check_event(yaml.AliasEvent), self.peek_event().start_mark  # type: ignore[no-untyped-call]
        before = self._count
        self._depth += 1
        if self._depth > DEEPEST:
            raise _refused(f"more than {DEEPEST} levels deep", mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        if is_alias and id(node) not in self._counts:
            raise _refused("an alias to what it stands in", mark)
        self._count += self._counts[id(node)] if is_alias else 1
        if self._count > MOST_NODES:
            raise _refused(f"more than {MOST_NODES} values, aliases counted as often as they are used", mark)
        self._counts.setdefault(id(node), self._count - before)
        return node

    def construct_scalar(self, node: ScalarNode | MappingNode) -> str:
        value = super().construct_scalar(node)
        if isinstance(value, str) and _SURROGATE.search(value):
            raise _refused("half of a surrogate pair, which is no character", node.start_mark)
        return value

    def construct_object(self, node: Node, deep: bool = False) -> object:
        try:
            value = super().construct_object(node, deep)
        except (
            ArithmeticError,
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
        ) as error:  # a tag that does not fit
            raise _refused(str(error), node.start_mark) from error
        is_long = isinstance(node, ScalarNode) and len(node.value) > _DIGITS and isinstance(value, int)
        if is_long or (isinstance(value, int) and abs(value) > LARGEST):
            raise _refused(f"a number above {LARGEST}", node.start_mark)
        if isinstance(value, float) and not math.isfinite(value):
            raise _refused("a number without end", node.start_mark)
        return value


def _refused(reason: str, mark: yaml.Mark) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(None, None, reason, mark)
