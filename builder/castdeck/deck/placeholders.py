"""Finds placeholders in commands: `<name>`, `IMAGE`, `[OPTIONS]`, `...`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it.common.html_blocks import block_names

from castdeck.deck.bash import Script
from castdeck.deck.programs import KNOWN, SHELLS

_NOUNS = "|".join(
    """
    ADDRESS AMOUNT APP APPLICATION ARCH ARG ARGUMENT BRANCH BUCKET CHANNEL CLUSTER CMD COMMAND COMMIT
    CONTAINER DATABASE DATE DEST DESTINATION DEVICE DIR DIRECTORY DOMAIN EMAIL ENDPOINT ENV ENVIRONMENT FILE FOLDER
    GROUP HASH HOST ID IMAGE INTERFACE IP KEY LINK LOCATION MESSAGE MY NAME NAMESPACE NETWORK NEW NODE NUMBER OBJECT
    OLD OPTION ORG ORGANIZATION OTHER OWNER PACKAGE PARAM PASS PASSWORD PATH PID PKG POD PORT PROJECT
    REGION REGISTRY RELEASE REMOTE REPO REPOSITORY RESOURCE ROLE SECRET SERVER SERVICE SHA SIZE SOME SOURCE SRC
    STRING SUBCOMMAND TABLE TAG TARGET TASK TEXT THE THIS TITLE TOKEN TYPE URI URL USER VALUE VERSION VM VOLUME YOUR
    ZONE
    ADRESSE ARCHIVO BENUTZER BENUTZERNAME BRANCHE CARPETA CHEMIN DATEI DATEINAME DEPOT DOSSIER FICHIER NOM NOMBRE ORDNER
    CIBLE DÉPÔT PFAD RAMA RÉPERTOIRE UTILISATEUR USUARIO ZWEIG
    """.split()  # noqa: SIM905
)
_NOUN = re.compile(rf"(?:(?:{_NOUNS})S?[_-]?(?:(?:DE|DEL|DER|DES|DU|LA|LE)[_-])?)+\d*")
_COMPOUND = re.compile(rf"(?:[A-Z][A-Z0-9]*[_-]){{1,4}}(?:{_NOUNS})S?\d*|(?:DEINE?|MON|SEU|SUA|TU|VOTRE)[_-][A-Z_-]+")
"""In capitals, with a noun as its last word: `OLD_A2_HASH`, `TOPIC-NAME`."""
_CJK_NOUN = re.compile(
    r"[぀-ヿ一-鿿]*(?:名|名称|名前|文件|檔案|ファイル|文件夹|目录|目錄|フォルダ|ディレクトリ|路径|路徑|パス|地址|网址|网站|用户|パスワード|密码)"
)
_ANGLED = re.compile(r"(?<![<\\?])<(?=[^\W\d])[\w.:|/@',#+ -]*[\w.)|+](?<!\s\d)>(?!&|[\w./-]*\.\w)")
_ANGLED_IN_A_WORD = re.compile(r"(?<=[A-Za-z/=:@_-])<[^\W\d][\w -]*>|(?<!\S)<[^\W\d][\w-]*>(?=/\w|\.\w+\.\w)")
_QUOTED_NAME = re.compile(r"(?:«[^»\n]{1,40}»|‹[^›\n]{1,40}›|[＜〈][^＞〉\n]{1,40}[＞〉])")
_ANGLED_IN_QUOTES = re.compile(
    r"(?<![<\\?(])<(?:[A-Z][A-Z0-9]*(?:[_ -][A-Z0-9]+)*|(?:your|my|some)[\w -]+|[a-z]+_[a-z_]+)>"
)
_ANGLED_WORD_IN_QUOTES = re.compile(r"(?<![<\\?(])<([a-z][a-z-]+)(?: [a-z]+)*>")
_TAGS = frozenset(block_names) | {"abbr", "br", "button", "code", "em", "img", "input", "kbd", "label", "mark",
    "script", "small", "span", "strong", "style", "video"}  # fmt: skip
_OPTIONAL = re.compile(
    r"""
    (?<![^\s=])\[(?!(?:\w-\w)+\])
        (?:-[^\]]{0,99}|[^\W\d_][\w\ .:=|/<>-]{2,99}|\.\.\.|[^\W\d][\w.-]*\.\.\.)\](?=\s|$|\.\.\.|\[)
    | (?<!\[)\[[:@./=][^\W\d]{2,}[^\]:]{0,99}\]
    | \[[^\W\d]{2,}[@:/=]\]
    """,
    re.VERBOSE,
)
_WORDS_IN_BRACKETS = re.compile(r"(?<=[/@:=])\[([a-z]+(?:[-_][a-z]+)+)\]")
"""As in `@scope/[package-name]`: a set of characters would not have one twice."""
_NOUN_IN_BRACKETS = re.compile(r"(?<=[/@:=])\[([a-z]{3,})\](?![*?\w])")
_SLASHES = re.compile(r"(?<=\s)//(?=\s+[^\W\d])")
"""A comment of another language, which bash would pass to the command."""
_ELLIPSIS = re.compile(r"(?<![^\s(])\.\.\.(?![^\s)])|…|/\.\.\./|(?<![\w./])[^\W\d][\w-]*\.\.\.(?![\w./])")
_LEFT_OUT = re.compile(r"^[ \t]*\.\.\.[ \t]*$", re.MULTILINE)
_CHOICE = re.compile(r"(?<!\S)[\w-]+(?:\|[\w-]+)+(?!\S)|\{[\w-]+(?:\|[\w-]+)+\}")
_IN_BRACES = re.compile(r"(?<![\w@$%{])\{[^\W\d][\w -]*\}(?![}<>])|\{\{\s*[#\w](?![^}]{0,99}[ (]\.).{0,99}?\}\}")
_MARKED = re.compile(r"%%\w+%%|@@\w+@@|(?<!\w)__[A-Z]\w+__(?!\w)|%[A-Z_]{3,}%")
_MOST_LETTERS = 40
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]|[^\w-]")
_NAMED = re.compile(
    r"(?:app|bucket|branch|cluster|commit|container|database|directory|file|folder|function|group|host|image|instance|"
    r"module|namespace|network|node|package|pod|process|project|repo|repository|server|service|table|user|volume)"
    r"[_-](?:name|id|hash)|(?:proxy|server)_(?:address|host|port)|"
    r"(?:host|instance|node|public|remote|server)[_-]ip|ip[_-]addr(?:ess)?|(?:host|server)[_-]address|"
    r"(?:branch|container|file|folder|package|script|table)name"
)
_FIELD = re.compile(
    r"\w+:(?:array|bigint|binary|boolean|date|datetime|decimal|float|int|integer|json|jsonb|map|references|string|text|"
    r"time|timestamp|uuid)(?::\S*)?"
)
_NAMES = re.compile(r"^-{0,2}(?:[\w.-]+=)+")
"""Before the value in `--from-literal=KEY=value`."""
_TEMPLATE = re.compile(r"\{\{?\s*\.[^{}]*\}\}?")
"""A field of kubectl's or Docker's templates: `{.data.PASSWORD}`, `{{.ID}}`."""
_COLUMN = re.compile(r"[A-Z][\w-]*:[.{]")
"""One of kubectl's custom columns, on a line of its own."""
_TEXT_FILE = re.compile(r"(?<![^/])[A-Z]+\.(?:md|txt|rst|adoc)$")  # RELEASE.md
_YOURS = re.compile(
    r"(?<![A-Za-z$_{])(?:[Yy]our|YOUR)[_-]?(?!first\b)[A-Za-z]\w*(?!\w|@example\.)|(?:[你您]的|あなたの)\w+"
    r"|(?<![A-Za-z$_{-])(?:seu|sua|deine?|votre|(?:tu|su)(?=[_-](?:"
    r"aplicaci|app|archivo|clave|contra|correo|cuenta|dominio|email|host|imagen|ip|nombre|proyecto|rama|repo|servidor|"
    r"token|usuario)))[_-][^\W\d_]\w*"
)
_ASSIGNED = re.compile(r"^\s*(?:export\s+)?\w+=(\S+)")
_YOURS_ASSIGNED = re.compile(r"your[_-]\w+", re.IGNORECASE)
_PATH_TO = re.compile(
    r"(?<![^\s/=:~])(?:path[/_-]to|chemin/vers|pfad/zu[mr]?|ruta/(?:al?|hacia)|caminho/para|percorso/(?:a|verso)|путь/к)\b",
    re.IGNORECASE,
)
_CROSSES = re.compile(
    r"(?<![^\s/=:])_{3,}(?![^\s/:.])|(?<![A-Za-z0-9])(?:x{3,}|X{3,})(?![A-Za-z0-9])|(?<=[-.:/])(?:xx|XX)(?=[-.:/]|$)|\d+\.\d+\.\d+\.[xX]\b"
    r"|\bHEAD~[nNxX]\b|(?<![\w.])(?:[A-Z]\.){3}[A-Z](?![\w.])|(?<![\w.])(?:x\.){3}x(?![\w.])"
    r"|(?<![A-Za-z])v?(?:X\.Y\.Z|x\.y\.z)\b"
)
_ANYBODY = re.compile(r"\b(?:username@(?!example\b)[\w-]+|user@(?:host|hostname|remote|ip)(?![\w.-]))")
_CLOSING_TAG = re.compile(r"</[\w-]+>")
_LITERAL = frozenset(
    """
    echo printf printenv getconf grep egrep fgrep rg sed awk read trap mktemp export unset alias jq yq perl tr
    """.split()  # noqa: SIM905
)
_TAKES_VARIABLE = ("-e", "-u", "--build-arg", "--env", "set", "unset")
_TAKES_ITEMS = frozenset({"echo", "printf", "tr"})


@dataclass(frozen=True)
class Found:
    """A placeholder, its line (from 0), and the name to fill it by ("" if it can't be filled)."""

    word: str
    row: int
    name: str = ""


def find_pattern(script: Script) -> Found | None:
    """Find what makes the code a synopsis: an option in brackets, an ellipsis, a choice."""
    literal = {command.row for command in script.commands if command.name in _TAKES_ITEMS}
    quiet = {command.row for command in script.commands if command.name in _LITERAL}
    for row, text in enumerate(script.bare.split("\n")):
        if row in literal:
            continue
        for found in (_OPTIONAL.search(text), _ELLIPSIS.search(text), _CHOICE.search(text)):
            if found and not _is_pipeline(found[0]) and not _is_glob(found[0].strip()):
                return Found(found[0].strip(), row)
        if (found := _WORDS_IN_BRACKETS.search(text)) and len(set(found[1])) < len(found[1]):
            return Found(found[0], row)
        if (found := _NOUN_IN_BRACKETS.search(text)) and _NOUN.fullmatch(found[1].upper()):
            return Found(found[0], row)
        if row not in quiet and (found := _SLASHES.search(text)):
            return Found(found[0], row)
    return next((Found("...", row) for text, row in script.quoted if _LEFT_OUT.search(text)), None)


def find_placeholder(script: Script) -> Found | None:
    """The first placeholder that the reader has to fill in."""
    return min(_placeholders(script), key=lambda found: found.row, default=None)


def without_placeholders(code: str) -> str:
    """The code with a word in the place of each `<name>`, which bash takes for two redirections."""
    return _ANGLED_IN_A_WORD.sub("name", _ANGLED.sub("name", code))


def _placeholders(script: Script) -> Iterator[Found]:
    for row, text in enumerate(script.bare.split("\n")):
        if found := _ANGLED.search(text) or _ANGLED_IN_A_WORD.search(text) or _QUOTED_NAME.search(text):
            yield Found(found[0], row, found[0][1:-1])
        elif (value := _ASSIGNED.match(text)) and (word := _stand_in_of(value[1])):
            yield Found(word, row, word)
        elif found := _MARKED.search(text) or _IN_BRACES.search(text):
            yield Found(found[0], row)
    for command in script.commands:
        if command.name not in _LITERAL:
            passed = {word for flag, word in pairwise(command.arguments) if flag in _TAKES_VARIABLE}
            for word in command.arguments if not passed else set(command.arguments) - passed:
                yield from (Found(found, command.row, found) for found in _stand_ins(word))
    rows = {command.row for command in script.commands if command.name in _LITERAL}
    for row, text in enumerate(script.bare.split("\n")):
        if row not in rows and (found := _PATH_TO.search(text)):
            yield Found(found[0], row, found[0])
    for text, row in script.quoted:
        if row in rows or _CLOSING_TAG.search(text):
            continue
        if found := _ANGLED_IN_QUOTES.search(text):
            yield Found(found[0], row, found[0][1:-1])
        elif (found := _ANGLED_WORD_IN_QUOTES.search(text)) and found[1] not in _TAGS:
            yield Found(found[0], row, found[1])
        elif found := _PATH_TO.search(text.strip("\"'")):
            yield Found(found[0], row, found[0])


def _stand_ins(word: str) -> Iterator[str]:
    """The parts of an argument that are placeholders: `IMAGE`, `your-name`, `path/to`, `xxx`."""
    value = _TEMPLATE.sub("", _NAMES.sub("", word))
    if not value.startswith("-") and not (_FIELD.fullmatch(value) or _COLUMN.match(value) or "custom-columns=" in word):
        yield from (part for part in re.split(r"[^\w$%-]+", _TEXT_FILE.sub("", value)) if _is_noun(part))
    for pattern in (_YOURS, _PATH_TO, _CROSSES, _ANYBODY):
        if found := pattern.search(value):
            yield found[0]


def _stand_in_of(value: str) -> str:
    """What stands for something else in the value of a variable; "" if nothing does."""
    found = (pattern.search(value) for pattern in (_YOURS_ASSIGNED, _PATH_TO, _CROSSES))
    return next((one[0] for one in found if one), "")


def _is_glob(word: str) -> bool:
    """Whether brackets contain a set of letters, such as `[abc]`."""
    inner = word.strip("[]")
    return word.startswith("[") and len(inner) < 5 and all(ord(b) - ord(a) == 1 for a, b in pairwise(inner))


def _is_noun(word: str) -> bool:
    if not 1 < len(word) < _MOST_LETTERS:
        return False
    return any(one.fullmatch(word) for one in (_NOUN, _COMPOUND, _NAMED, _CJK_NOUN)) or (
        word.isupper() and not _LATIN.search(word)
    )


def _is_pipeline(choice: str) -> bool:
    """Whether an apparent choice is a pipeline without blanks, such as `ls|sort`."""
    words = choice.split("|")
    return (
        "|" in choice and choice[0] not in "[{" and any(w in KNOWN for w in words[1:]) and not SHELLS.issuperset(words)
    )
