"""The stable name of each kind of problem that a deck's text can have, with what it means.

Errors are what makes a deck's reading impossible or a part of it missing; everything else is a warning.
"""

CODES = {
    "duplicate-id": "two slides were given the same id",
    "heading-by-dashes": "a line of dashes made a heading of the text right above it",
    "include-cycle": "a file includes itself, directly or by others",
    "include-failed": "an included file is not there, can't be read, or lies outside the workspace",
    "invalid-attribute": "an attribute has a value that it can't have",
    "invalid-front-matter": "the front matter is no valid YAML",
    "invalid-property": "a slide's property has a value that it can't have",
    "invalid-setting": "a setting in the front matter has a value that it can't have",
    "invalid-template": "what stands between {{ and }} can't be filled in",
    "stray-attributes": "a line of attributes with no block right below it",
    "stray-div": "a ::: that opens and closes nothing",
    "swallowed-separator": "a separator stands inside HTML, a list, a quote or a code block, and separates nothing",
    "unclosed-comment": "an HTML comment that nothing closes",
    "unclosed-div": "a ::: block that nothing closes before the slide ends",
    "unclosed-fence": "a code block that nothing closes",
    "undefined-variable": "{{ name }} where the front matter has no such name",
    "unfilled-variable": "{{ name }} in a deck that does not say template: true",
    "unknown-attribute": "an attribute that castdeck does not know, often a near miss of one that it does",
    "unknown-footnote": "a footnote that is referred to and not defined",
    "unknown-layout": "a slide's layout that castdeck does not have",
    "unknown-property": "a slide's property that castdeck does not know",
    "unknown-separator": "a line that separates slides in other tools, and is text here",
    "unknown-template": "a slide is to look like another one that was not named before",
    "unused-footnote": "a footnote that nothing refers to, so that no slide shows it",
    "unsupported": "a construct of another tool that castdeck does not have",
}
