"""The documentation as a site: `make docs`. Its pages are those of the repository, with the links that they have."""

project = "checklist_kit"
extensions = ["myst_parser"]
root_doc = "docs/index"
include_patterns = ["docs/**", "checklists/**", "examples/**", "tests/engines/README.md", "*.md"]
exclude_patterns = ["docs/html", "**/.*"]
myst_heading_anchors = 3
# Examples of mistakes are no valid YAML, which is what they show.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "alabaster"
html_theme_options = {"description": "Election observation checklists, written once", "page_width": "1100px"}
html_sidebars = {"**": ["about.html", "searchfield.html", "navigation.html"]}
html_extra_path = ["html"]  # the way from the top of the site to its first page
html_copy_source = False
html_show_sphinx = False
