"""What a browser may load, run and send from a page of ours: Content Security Policies, in the form of django-csp.

The site's own pages need no exception at all: scripts and styles are files of this origin, never text in a page. Whoever
manages to put markup into a page gets no script to run, no style to apply and nowhere to send a form.
"""

from __future__ import annotations

from typing import Any

from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

Policy = dict[str, Any]

# What is no page: data, files, texts. Opened by itself in a browser it does nothing at all.
DATA: Policy = {
    "default-src": [NONE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
}

SITE: Policy = {
    **DATA,
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    # Covers WebSockets of this origin too: in CSP 3, so in Safari from 15.4. Older ones refuse them, and pages stay as
    # they were loaded.
    "connect-src": [SELF],
    "form-action": [SELF],
    "object-src": [NONE],
}

# Alpine, on which the admin's pages stand, makes functions from its attributes ('unsafe-eval') and writes widths as style
# attributes. Style elements need a nonce: with a rule for an attribute's value a page could be read out letter by letter.
# For browsers that do not know the two narrower directives there is `style-src`; one that does ignores it.
ADMIN: Policy = {
    **SITE,
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "style-src-elem": [SELF, NONCE],
    "style-src-attr": [UNSAFE_INLINE],
}

# Swagger's page draws its arrows from data URLs.
API_DOCS: Policy = {**SITE, "img-src": [SELF, "data:"]}
