"""Every kind of problem that castdeck reports: its stable name, severity, meaning and remedy.

To add one: a line in `Code`, then `make codes`, which writes the tables of docs/check.md.
"""

from enum import Enum, StrEnum, auto
from typing import Self


class Severity(StrEnum):
    """An error loses part of what the author wrote, or leaves something broken on a slide."""

    ERROR = auto()
    WARNING = auto()


class Subject(Enum):
    """The subject of a problem. docs/check.md has a table for each."""

    TEXT = "The deck's text"
    BLOCKS = "Blocks and recordings"
    SLIDES = "Slides as a browser shows them"
    RUN = "While something runs"


_ERROR, _WARNING = Severity
_TEXT, _BLOCKS, _SLIDES, _RUN = Subject


class Code(StrEnum):
    """The stable name of a kind of problem, what it means, and how to fix it."""

    subject: Subject
    severity: Severity
    meaning: str
    remedy: str

    def __new__(cls, name: str, subject: Subject, severity: Severity, meaning: str, remedy: str) -> Self:
        code = str.__new__(cls, name)
        code._value_ = name
        code.subject, code.severity, code.meaning, code.remedy = subject, severity, meaning, remedy
        return code

    # fmt: off
    NOT_UTF8 = (
        "not-utf8", _TEXT, _ERROR,
        "The file is not UTF-8 text; the line is the first that is not.",
        "Save the file as UTF-8.",
    )
    UNREADABLE_DECK = (
        "unreadable-deck", _TEXT, _ERROR,
        "A file of the deck can't be read.",
        "Check that the file exists and that you may read it.",
    )
    INVALID_FRONT_MATTER = (
        "invalid-front-matter", _TEXT, _ERROR,
        "The front matter is not valid YAML (the line is where YAML stopped), or something stands above it.",
        "Put texts that contain a colon in quotes; begin the file with its `---`.",
    )
    INVALID_SETTING = (
        "invalid-setting", _TEXT, _ERROR,
        "A setting has an invalid value, such as a misspelt theme or machine, or a malformed regular expression.",
        "Use one of the values that the message names.",
    )
    UNKNOWN_SETTING = (
        "unknown-setting", _TEXT, _WARNING,
        "castdeck does not know this name in the front matter.",
        "Check the spelling; put settings of reveal.js under `reveal:`.",
    )
    LOST_CELLS = (
        "lost-cells", _TEXT, _ERROR,
        "A row of a table has more cells than the table has columns; the rest is not shown.",
        "Write a vertical bar within a cell as a backslash and a bar, in code too.",
    )
    DIALECT = (
        "dialect", _TEXT, _WARNING,
        "The deck was written for another tool, and is read in that tool's dialect.",
        "`dialect: NAME` in the front matter names the tool; `dialect: castdeck` leaves its habits out.",
    )
    UNKNOWN_THEME = (
        "unknown-theme", _TEXT, _WARNING,
        "The front matter names a theme of another tool, such as `gaia` or `moon`: the default one is used.",
        "Name one of castdeck's themes, or remove the line.",
    )
    UNCLOSED_FENCE = (
        "unclosed-fence", _TEXT, _ERROR,
        "A code block is never closed, or is closed with fewer backticks than it was opened with: "
        "all slides below it are code.",
        "Close it with as many backticks as it begins with.",
    )
    UNCLOSED_COMMENT = (
        "unclosed-comment", _TEXT, _ERROR,
        "`<!--` without `-->`: all slides below it are part of the comment.",
        "End the comment with `-->`.",
    )
    INDENTED_BLOCK = (
        "indented-block", _TEXT, _WARNING,
        "Commands in code that is indented by four spaces are shown and not run. Reported once for a file.",
        "Put them into a fence: three backticks and `bash` above them, three backticks below.",
    )
    HEADING_BY_DASHES = (
        "heading-by-dashes", _TEXT, _WARNING,
        "`---` right below a line of text turns that text into a heading, and does not start a slide.",
        "Put an empty line before it, or write the heading with `##` if it is one.",
    )
    SWALLOWED_SEPARATOR = (
        "swallowed-separator", _TEXT, _ERROR,
        "A separator inside HTML, a list or a code block is part of that, and does not start a slide.",
        "Put an empty line before it, and start the line with it.",
    )
    UNKNOWN_ATTRIBUTE = (
        "unknown-attribute", _TEXT, _ERROR,
        "An attribute has no effect, because castdeck has none of that name.",
        "Check the spelling; docs/language.md lists the attributes.",
    )
    INVALID_ATTRIBUTE = (
        "invalid-attribute", _TEXT, _ERROR,
        "An attribute has an invalid value, such as `exit=300`.",
        "docs/language.md lists the values of each attribute.",
    )
    DUPLICATE_ID = (
        "duplicate-id", _TEXT, _ERROR,
        "Two headings or blocks were given the same id; links reach only the first.",
        "Give one of them another id.",
    )
    INCLUDE_FAILED = (
        "include-failed", _TEXT, _ERROR,
        "A file that the deck includes does not exist, can't be read, or is outside the workspace.",
        "Write its path relative to the file that includes it; a castdeck.toml above both makes one workspace of them.",
    )
    INCLUDE_CYCLE = (
        "include-cycle", _TEXT, _ERROR,
        "A file includes itself, directly or through others.",
        "Remove one of the `include:` lines.",
    )
    UNDEFINED_VARIABLE = (
        "undefined-variable", _TEXT, _ERROR,
        "`{{ name }}` in a deck with `template: true`, and the front matter has no such name.",
        "Give it a value in the front matter, or check the spelling.",
    )
    INVALID_TEMPLATE = (
        "invalid-template", _TEXT, _ERROR,
        "The text between `{{` and `}}` is not a valid expression, or its value has several lines.",
        "`{{ '{{' }}` or `{% raw %}` shows braces as they are.",
    )
    UNFILLED_VARIABLE = (
        "unfilled-variable", _TEXT, _WARNING,
        "`{{ name }}` names a setting of the front matter, but is shown as it stands.",
        "Set `template: true` in the front matter.",
    )
    UNCLOSED_DIV = (
        "unclosed-div", _TEXT, _ERROR,
        "A `:::` block is still open where its slide ends.",
        "Close it with `:::`.",
    )
    STRAY_DIV = (
        "stray-div", _TEXT, _WARNING,
        "A `:::` that opens and closes nothing is shown as text.",
        "Move it out of lists and quotes; `::: name` opens a block, `:::` closes it.",
    )
    STRAY_ATTRIBUTES = (
        "stray-attributes", _TEXT, _WARNING,
        "A line such as `{.class}` with no block right below it is shown as text.",
        "Put it right above the block that it is for.",
    )
    UNKNOWN_PROPERTY = (
        "unknown-property", _TEXT, _WARNING,
        "castdeck does not know this property under a separator.",
        "Check the spelling; docs/language.md lists the properties.",
    )
    INVALID_PROPERTY = (
        "invalid-property", _TEXT, _WARNING,
        "A property has an invalid value, such as `count: maybe`.",
        "Write `true` or `false`.",
    )
    UNKNOWN_LAYOUT = (
        "unknown-layout", _TEXT, _WARNING,
        "`layout:` names one that castdeck does not have.",
        "Use one that the message names.",
    )
    UNKNOWN_TEMPLATE = (
        "unknown-template", _TEXT, _ERROR,
        "`template: name` where no earlier slide has that name.",
        "Write `name: name` on the slide that it should look like.",
    )
    UNKNOWN_FOOTNOTE = (
        "unknown-footnote", _TEXT, _WARNING,
        "`[^1]` without a `[^1]: ...` in the same file is shown as text.",
        "Write the footnote.",
    )
    UNUSED_FOOTNOTE = (
        "unused-footnote", _TEXT, _WARNING,
        "Nothing refers to this footnote, so no slide shows it.",
        "Refer to it, or remove it.",
    )
    UNKNOWN_SEPARATOR = (
        "unknown-separator", _TEXT, _WARNING,
        "A line that separates slides in other tools, such as `+++`, is text here.",
        "Name it under `separators:` in the front matter.",
    )
    UNSUPPORTED = (
        "unsupported", _TEXT, _WARNING,
        "castdeck has no equivalent of this construct of another tool.",
        "docs/language.md lists what castdeck has.",
    )
    UNKNOWN_SLIDE = (
        "unknown-slide", _TEXT, _ERROR,
        "A link to `#/id` where no slide has that id.",
        "Link to an id that exists.",
    )
    SKIPPED_HEADING_LEVEL = (
        "skipped-heading-level", _TEXT, _WARNING,
        "On one slide, `###` follows `#`: screen readers read headings as an outline. Reported with `--all` only.",
        "Use the level in between.",
    )
    HEADING_IN_LIST = (
        "heading-in-list", _TEXT, _WARNING,
        "`- ## text` in a list is shown as strong text.",
        "Write `- **text**`, or end the list.",
    )
    ACTIVE_CONTENT = (
        "active-content", _TEXT, _WARNING,
        "The deck's HTML has scripts, handlers, `javascript:` links or frames, or loads something from other hosts.",
        "Look at it before you show a stranger's deck; `castdeck build --sanitize` leaves it out.",
    )
    IMAGE_WITHOUT_ALT = (
        "image-without-alt", _TEXT, _WARNING,
        "Readers who can't see the image don't learn what it shows.",
        '`![what it shows](file)`; `<img alt="">` where it is decoration.',
    )
    MISSING_FILE = (
        "missing-file", _TEXT, _ERROR,
        "The file that a link offers does not exist, or is outside the deck's folder and the workspace.",
        "Put it beside the deck.",
    )
    MISSING_IMAGE = (
        "missing-image", _TEXT, _ERROR,
        "The image's file does not exist, or is outside the deck's folder and the workspace.",
        "Put it beside the deck.",
    )
    LONG_QR = (
        "long-qr", _TEXT, _WARNING,
        "A `qr` block's address is so long that a phone can't read its code from the last row.",
        "Take a shorter address, such as one that redirects.",
    )
    UNFILLED_PLACEHOLDER = (
        "unfilled-placeholder", _BLOCKS, _WARNING,
        "The block contains a placeholder such as `<name>`, `IMAGE` or `path/to`, so it is not run.",
        '`{fill.name="value"}` runs it with a value, `{.run}` as it stands; `{.norun}` says that it is only shown.',
    )
    SYNOPSIS = (
        "synopsis", _BLOCKS, _WARNING,
        "`[OPTIONS]` or `...` makes the block a synopsis, which is not run.",
        "`{.norun}` says that it is only shown, `{.run}` runs it as it stands.",
    )
    NOT_A_COMMAND = (
        "not-a-command", _BLOCKS, _WARNING,
        "The block is not run: it is a listing, output, another language, or not valid bash.",
        "`{.norun}` says that it is only shown, `{.run}` runs it as it stands.",
    )
    UNSET_VARIABLE = (
        "unset-variable", _BLOCKS, _WARNING,
        "A command uses a variable that no earlier command of its session sets.",
        "Set it in an earlier block, which may be `{.hidden}`.",
    )
    WANTS_KEYS = (
        "wants-keys", _BLOCKS, _WARNING,
        "A command such as `read` or `vim` waits for keys, and the block presses none: the recording will fail.",
        "Type into it with the directives of docs/recording.md, or `{.norun}`.",
    )
    WIDE_BLOCK = (
        "wide-block", _BLOCKS, _WARNING,
        "A line to type is longer than the terminal is wide.",
        "Break it with a backslash, or widen the terminal: `{cols=120}`.",
    )
    WANTS_INTERNET = (
        "wants-internet", _BLOCKS, _WARNING,
        "A command downloads something, and the machine has no internet: the recording will fail.",
        "`{needs=internet}`, or `{.norun}`.",
    )
    UNKNOWN_CONTAINER_IMAGE = (
        "unknown-container-image", _BLOCKS, _WARNING,
        "`docker run` or `docker pull` of an image that the machine does not have.",
        "Name it under `images` in castdeck.toml, or `{.norun}`.",
    )
    MISSING_RECORDING = (
        "missing-recording", _BLOCKS, _WARNING,
        "The block has no recording yet; its slide shows its commands only.",
        "Run `castdeck record`.",
    )
    STALE_RECORDING = (
        "stale-recording", _BLOCKS, _WARNING,
        "The recording was made with other commands, on another machine, or after other blocks.",
        "Run `castdeck record`.",
    )
    ORPHANED_RECORDING = (
        "orphaned-recording", _BLOCKS, _WARNING,
        "No block of the deck has this recording any more.",
        "Run `castdeck record --prune`.",
    )
    INVALID_RECORDINGS = (
        "invalid-recordings", _BLOCKS, _ERROR,
        "The index of the recordings can't be read, or a recording can't be shown.",
        "Restore it from git, or delete it and record again.",
    )
    SLIDE_OVERFLOW = (
        "slide-overflow", _SLIDES, _ERROR,
        "Even at the smallest size that castdeck uses, the slide's content does not fit: it has to be scrolled.",
        "Split the slide in two.",
    )
    SMALL_TEXT = (
        "small-text", _SLIDES, _WARNING,
        "There is so much on the slide that its text is smaller than the theme's `--least-text`.",
        "Split the slide in two.",
    )
    SMALL_CODE = (
        "small-code", _SLIDES, _WARNING,
        "Code is smaller than the theme's `--least-code`, or its lines are so long that they wrap.",
        "Break long lines, or show fewer.",
    )
    SMALL_TERMINAL = (
        "small-terminal", _SLIDES, _WARNING,
        "A terminal's text is smaller than the theme's `--least-terminal`.",
        "Write less above it, or give it fewer `rows=` and `cols=`.",
    )
    BROKEN_DIAGRAM = (
        "broken-diagram", _SLIDES, _ERROR,
        "Mermaid can't draw the diagram; the message is Mermaid's.",
        "Correct its text.",
    )
    BROKEN_FORMULA = (
        "broken-formula", _SLIDES, _ERROR,
        "KaTeX can't typeset the formula; the message is KaTeX's.",
        "Correct it; KaTeX knows most of LaTeX's maths, not all of it.",
    )
    ENDLESS_SCRIPT = (
        "endless-script", _SLIDES, _ERROR,
        "A script on the slide never ends; it was stopped, and the slide measured without it.",
        "Correct the script, or remove it.",
    )
    LEAVES_DECK = (
        "leaves-deck", _SLIDES, _ERROR,
        "The page goes to another address by itself: a `<meta http-equiv=\"refresh\">`, or a script.",
        "Remove it.",
    )
    NOT_MEASURED = (
        "not-measured", _SLIDES, _WARNING,
        "The deck's page could not be measured to its end; the message says why.",
        "Look at the deck in a browser.",
    )
    COMMAND_FAILED = (
        "command-failed", _RUN, _ERROR,
        "A command of a block ended with another exit status than expected, or did not end.",
        "Correct the command, or say what is expected: `{exit=1}`, `{timeout=300}`.",
    )
    NOT_RUN = (
        "not-run", _RUN, _WARNING,
        "A block was left out of a recording; the message says why.",
        "`{.norun}` says that this is intended.",
    )
    RECORDING_FAILED = (
        "recording-failed", _RUN, _ERROR,
        "A block ran, but its recording could not be kept.",
        "Do what the message says, then record again.",
    )
    DRIFTED = (
        "drifted", _RUN, _ERROR,
        "`verify` saw a command do something other than what was recorded, or what the deck says.",
        "Record it again, or correct the slide; `{.varies}` for output that differs each time.",
    )
    MACHINE_FAILED = (
        "machine-failed", _RUN, _ERROR,
        "The machine can't be built, started or reached.",
        "`castdeck machine doctor` looks for the cause.",
    )
    FAILED = (
        "failed", _RUN, _ERROR,
        "Something castdeck needs is missing or failed: a program, a file, a folder.",
        "Do what the message says.",
    )
    # fmt: on
